/** The page in the frame: a bit of a shop, and the real widget on it, with the wishes of the address. */
import type { CatyWidgetApi } from '../widget/caty-widget.d.ts'
import { camel, placeOf } from './tag.ts'
import { edgeOfPage, looksAlone, trustedPolicy } from './trusted.ts'

/** What the page around the frame hears: why the widget cannot answer, and the colours that the launcher was drawn in. */
export type Told = { unavailable?: string; launcher?: { background: string; colour: string } }

/** They say when the widget comes, and to whom; here it is looked at. */
const NOT_HERE = ['load', 'consent', 'nonce', 'transcript']

const tell = (told: Told) => parent.postMessage(told, location.origin)
const wishes = Object.fromEntries(new URLSearchParams(location.search))
const main = document.querySelector('main') ?? document.body
if (wishes.language) document.documentElement.lang = wishes.language
if (wishes.language === 'ar') document.documentElement.dir = 'rtl'
const place = placeOf(wishes)
if (place) main.append(Object.assign(document.createElement('div'), { id: place, className: 'place' }))

const edge = edgeOfPage()
const script = document.createElement('script')
script.src = trustedPolicy(`${edge}/widget.js`).createScriptURL(`${edge}/widget.js`)
for (const [name, value] of Object.entries(wishes)) if (!NOT_HERE.includes(name)) script.dataset[camel(name)] = value
script.dataset.edge = edge
// A trial leaves no transcript behind.
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
  if (wishes.launcher === 'none' && wishes.layout !== 'inline') addOwnButton(widget)
  watchLauncher()
}
script.onerror = () => tell({ unavailable: 'edge_unreachable' })
document.body.append(script)

function addOwnButton(widget: CatyWidgetApi): void {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Your own button' })
  button.addEventListener('click', () => widget.open())
  main.append(button)
}

/** The launcher takes its colour when the configuration has come, and keeps it. */
function watchLauncher(): void {
  const button = document.querySelector('caty-widget')?.shadowRoot?.querySelector('[part~="launcher"]')
  if (!button) {
    requestAnimationFrame(watchLauncher)
    return
  }
  const { backgroundColor, color } = getComputedStyle(button)
  tell({ launcher: { background: backgroundColor, colour: color } })
}
