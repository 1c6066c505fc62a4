/** The page in the frame: a piece of a shop with the real widget, set up with the options in its address. */
import type { CatyWidgetApi } from '../widget/caty-widget.d.ts'
import { camel, placeOf } from './tag.ts'
import { edgeOfPage, looksAlone, trustedPolicy } from './trusted.ts'

/** What the preview tells the page around it: why the widget cannot answer, and the colours of the launcher. */
export type Told = { unavailable?: string; launcher?: { background: string; colour: string } }

/** These options decide when the widget appears and for whom; the preview always shows it. */
const NOT_HERE = ['load', 'consent', 'nonce', 'transcript']

const tell = (told: Told) => parent.postMessage(told, location.origin)
const chosen = Object.fromEntries(new URLSearchParams(location.search))
const main = document.querySelector('main') ?? document.body
if (chosen.language) document.documentElement.lang = chosen.language
if (chosen.language === 'ar') document.documentElement.dir = 'rtl'
const place = placeOf(chosen)
if (place) main.append(Object.assign(document.createElement('div'), { id: place, className: 'place' }))

const edge = edgeOfPage()
const script = document.createElement('script')
script.src = trustedPolicy(`${edge}/widget.js`).createScriptURL(`${edge}/widget.js`)
for (const [name, value] of Object.entries(chosen)) if (!NOT_HERE.includes(name)) script.dataset[camel(name)] = value
script.dataset.edge = edge
// The preview must not store a transcript.
script.dataset.transcript = 'off'
script.onload = () => {
  const widget = window.CatyWidget
  if (!widget) return
  const unavailable = () => {
    const reason = widget.getUnavailableReason()
    if (reason !== null && !looksAlone()) tell({ unavailable: reason })
  }
  widget.on('error', unavailable)
  unavailable()
  if (chosen.launcher === 'none' && chosen.layout !== 'inline') addOwnButton(widget)
  watchLauncher()
}
script.onerror = () => tell({ unavailable: 'edge_unreachable' })
document.body.append(script)

function addOwnButton(widget: CatyWidgetApi): void {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Your own button' })
  button.addEventListener('click', () => widget.open())
  main.append(button)
}

/** The launcher takes its colour once the configuration has arrived, and keeps it. */
function watchLauncher(): void {
  const button = document.querySelector('caty-widget')?.shadowRoot?.querySelector('[part~="launcher"]')
  if (!button) {
    requestAnimationFrame(watchLauncher)
    return
  }
  const { backgroundColor, color } = getComputedStyle(button)
  tell({ launcher: { background: backgroundColor, colour: color } })
}
