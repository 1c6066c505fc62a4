/**
 * The challenge chunk, for edges that ask for Turnstile before a visitor's first bound token. Loaded only then; the page's
 * policy must allow `script-src` and `frame-src` of challenges.cloudflare.com.
 */
import type { Core } from '../launcher/core.ts'

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit'

type Turnstile = {
  render: (
    place: HTMLElement,
    options: { sitekey: string; language: string; callback: (response: string) => void; 'error-callback': () => void },
  ) => void
}

const turnstile = (): Turnstile | undefined => Reflect.get(window, 'turnstile')

/** What the visitor's browser answered. Rejects when the script cannot load or the challenge fails. */
export async function solve(core: Core, siteKey: string): Promise<string> {
  if (!turnstile()) await load(core.options().nonce)
  // Turnstile finds its place by the document, which does not see into a shadow root: it is slotted in from outside.
  const place = document.createElement('div')
  place.slot = 'challenge'
  const slot = document.createElement('slot')
  slot.name = 'challenge'
  const frame = document.createElement('div')
  frame.setAttribute('part', 'challenge')
  const { position, offsetX, zIndex } = core.options()
  Object.assign(frame.style, { position: 'fixed', bottom: '160px', zIndex: String(Number(zIndex) + 1) })
  frame.style.setProperty(position.endsWith('left') ? 'left' : 'right', `${Number.parseInt(offsetX, 10)}px`)
  frame.append(slot)
  core.root.append(frame)
  core.root.host.append(place)
  try {
    return await new Promise<string>((resolve, reject) => {
      turnstile()?.render(place, {
        sitekey: siteKey,
        language: core.language(),
        callback: resolve,
        'error-callback': () => reject(new Error('challenge_failed')),
      })
    })
  } finally {
    place.remove()
    frame.remove()
  }
}

/** Trusted Types: an address of our own, fixed at build time, through a policy of our own name where the page allows one. */
function load(nonce: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    if (nonce) script.nonce = nonce
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('challenge_blocked'))
    const types:
      | { createPolicy: (name: string, rules: object) => { createScriptURL: (url: string) => string } }
      | undefined = Reflect.get(window, 'trustedTypes')
    const policy = types?.createPolicy('caty-keyless', { createScriptURL: () => SCRIPT })
    script.src = policy ? policy.createScriptURL('') : SCRIPT
    document.head.append(script)
  })
}
