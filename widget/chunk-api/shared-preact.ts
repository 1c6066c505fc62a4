/** The panel's Preact. The build puts this file in the place of `preact` in every chunk, so that all draw with one copy. */
import { PREACT_KEY } from './preact-key.ts'

export const { h, Fragment, Component, render } = window[PREACT_KEY] ?? missing()

function missing(): never {
  throw new Error('the panel has not loaded')
}
