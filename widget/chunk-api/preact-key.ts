/** Where the panel leaves its Preact for the chunks that load after it: on `window`, under a symbol that no page uses. */
import type * as preact from 'preact'

export const PREACT_KEY = Symbol.for('caty-keyless preact')

declare global {
  interface Window {
    [PREACT_KEY]?: Pick<typeof preact, 'h' | 'Fragment' | 'Component' | 'render'>
  }
}
