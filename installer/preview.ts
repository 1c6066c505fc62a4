/** The page in the frame: a bit of a shop, and the real widget on it, with the wishes of the address. */
import { camel } from './tag.ts'
import { edgeOfPage, looksAlone, trustedPolicy } from './trusted.ts'

type Widget = {
  on: (event: string, listener: (detail: { code: string }) => void) => void
  getUnavailableReason: () => string | null
}

const wishes = new URLSearchParams(location.search)
const language = wishes.get('language')
if (language) document.documentElement.lang = language
if (language === 'ar') document.documentElement.dir = 'rtl'

const edge = edgeOfPage()
const script = document.createElement('script')
script.src = trustedPolicy(`${edge}/widget.js`).createScriptURL(`${edge}/widget.js`)
for (const [name, value] of wishes) script.dataset[camel(name)] = value
script.dataset.edge = edge
// A trial leaves no transcript behind.
script.dataset.transcript = 'off'
script.onload = () => {
  const widget: Widget = Reflect.get(window, 'CatyWidget')
  const tell = () => {
    const reason = widget.getUnavailableReason()
    if (reason !== null && !looksAlone()) parent.postMessage({ unavailable: reason }, location.origin)
  }
  widget.on('error', tell)
  tell()
}
script.onerror = () => parent.postMessage({ unavailable: 'edge_unreachable' }, location.origin)
document.body.append(script)
