/** Fetches chunks before the visitor shows interest, so that a click on a slow line finds them there. */

/** The part of the Network Information API that is read. Only Chromium has it. */
type Network = { saveData?: boolean; effectiveType?: string }
const isNetwork = (value: unknown): value is Network => typeof value === 'object' && value !== null

/** Whether the visitor pays for every byte: with Save-Data, and on a 2G line. */
function isMetered(): boolean {
  const network = 'connection' in navigator ? navigator.connection : undefined
  return isNetwork(network) && (network.saveData === true || /2g/.test(network.effectiveType ?? ''))
}

/**
 * Preloads the modules at low priority. The links stand in the widget's own element and go when they have loaded. `nonce` is
 * that of the script tag, for policies that ask for one.
 */
export function loadAhead(host: HTMLElement, urls: readonly string[], nonce: string): void {
  if (isMetered()) return
  for (const href of urls) {
    const link = document.createElement('link')
    Object.assign(link, { rel: 'modulepreload', fetchPriority: 'low', nonce, href })
    link.onload = link.onerror = () => link.remove()
    host.append(link)
  }
}
