/**
 * The panel's Preact for the chunks that load after it: the build puts this file in Preact's place there. Handing it over
 * by a well-known symbol costs 60 bytes a chunk; a shared file would be one more request before the first word is drawn.
 */
import type * as preact from 'preact'

type Lent = Pick<typeof preact, 'h' | 'Fragment' | 'Component' | 'render'>

const lent: Lent = Reflect.get(window, Symbol.for('caty-keyless preact'))
export const { h, Fragment, Component, render } = lent
