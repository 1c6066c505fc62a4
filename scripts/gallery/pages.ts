/** The pages of the gallery: all states in one dress, and one state in its frame. */
import type { State } from './states.ts'

/**
 * How the visitor's browser and the owner's settings change the look. `forced` is set in the browser, so the page
 * only names it.
 */
export const DRESSES = ['light', 'dark', 'rtl', 'narrow', 'forced'] as const
export type Dress = (typeof DRESSES)[number]

const FRAME = { wide: [420, 700], narrow: [320, 640] } as const
const attribute = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

export function sheetPage(states: readonly State[], dress: Dress): string {
  const [width, height] = dress === 'narrow' ? FRAME.narrow : FRAME.wide
  const links = DRESSES.map(
    (each) => `<a href="/?dress=${each}"${each === dress ? ' aria-current="page"' : ''}>${each}</a>`,
  ).join(' ')
  const frames = states
    .map(
      ({ name }, at) =>
        `<figure><figcaption>${attribute(name)}</figcaption><iframe title="${attribute(name)}" width="${width}" height="${height}" src="/frame?state=${at}&amp;dress=${dress}"></iframe></figure>`,
    )
    .join('')
  return `<!doctype html><html lang="en"><title>Gallery: ${dress}</title><meta name="viewport" content="width=device-width">
<style>body{font:15px system-ui,sans-serif;margin:24px}nav a{margin-inline-end:12px}main{display:flex;flex-wrap:wrap;gap:24px}figure{margin:0}iframe{border:1px solid #ccc;border-radius:8px}figcaption{margin:0 0 6px;font-weight:600}</style>
<nav aria-label="Dress">${links}</nav><h1>Every state, ${dress}</h1><main>${frames}</main></html>`
}

export function framePage(state: State, at: number, dress: Dress, origin: string): string {
  const theme = dress === 'dark' ? 'dark' : 'light'
  const language = dress === 'rtl' ? 'ar' : 'en'
  return `<!doctype html><html lang="${language}" dir="${dress === 'rtl' ? 'rtl' : 'ltr'}"><title>${attribute(state.name)}</title><meta name="viewport" content="width=device-width">
<style>body{margin:0;background:${theme === 'dark' ? '#0c0f12' : '#f7f8fa'}}</style><body>
<script>window.STATE=${JSON.stringify({ steps: state.steps, shows: state.shows }).replaceAll('<', '\\u003c')}</script>
<script src="${origin}/widget.js" data-edge="${origin}/s/${at}" data-theme="${theme}" data-language="${language}" data-transcript="off" ${state.tag ?? ''}></script>
<script type="module" src="/frame.js"></script></body></html>`
}
