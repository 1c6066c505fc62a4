/**
 * The challenge chunk, for edges that ask for Turnstile before a visitor's first bound token. Loaded only then; the page's
 * policy must allow `script-src` and `frame-src` of challenges.cloudflare.com.
 */

import type { Core } from '../../chunk-api/core.ts'
import { CallError } from '../../client/errors.ts'

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit'

type Rendering = {
  sitekey: string
  language: string
  callback: (response: string) => void
  'error-callback': () => void
  'unsupported-callback': () => void
}
/** `render` gives the id to `remove` by. */
type Turnstile = { render: (place: HTMLElement, rendering: Rendering) => string; remove: (id: string) => void }

const turnstile = (): Turnstile | undefined => Reflect.get(window, 'turnstile')

/** What the visitor's browser answered. Rejects with `CallError` when the script cannot load or the challenge fails. */
export async function solve(core: Core, siteKey: string): Promise<string> {
  const composer = await composerOf(core)
  if (!turnstile())
    await load(core.options().nonce).catch(() => {
      throw blocked()
    })
  const service = turnstile()
  if (!service) throw blocked()
  // Turnstile finds its place by the document, which does not see into a shadow root: it is slotted in from outside.
  const place = document.createElement('div')
  place.slot = 'challenge'
  const slot = document.createElement('slot')
  slot.name = 'challenge'
  const frame = document.createElement('div')
  frame.setAttribute('part', 'challenge')
  Object.assign(frame.style, { display: 'grid', justifyContent: 'center', paddingBottom: '12px' })
  frame.append(slot)
  composer.before(frame)
  core.root.host.append(place)
  let id: string | undefined
  try {
    return await new Promise<string>((resolve, reject) => {
      const failed = () => reject(new CallError({ kind: 'challenge' }))
      id = service.render(place, {
        sitekey: siteKey,
        language: core.language(),
        callback: resolve,
        'error-callback': failed,
        'unsupported-callback': failed,
      })
    })
  } finally {
    if (id) service.remove(id)
    place.remove()
    frame.remove()
  }
}

/**
 * Where the visitor looks, once there is somebody who looks: rules open a session while the chat is closed, and a box to
 * tick out of nothing would be the first that a visitor sees of it.
 */
async function composerOf(core: Core): Promise<Element> {
  for (;;) {
    const composer = core.root.querySelector('[part=composer]')
    if (core.isOpen && composer) return composer
    await new Promise<void>((resolve) => {
      const opened = () => {
        core.off('open', opened)
        resolve()
      }
      core.on('open', opened)
    })
  }
}

const blocked = () => new CallError({ kind: 'refused', status: 0, code: 'challenge_blocked' })

/** Trusted Types: an address of our own, fixed at build time, through a policy of our own name where the page allows one. */
type Policy = { createScriptURL: (url: string) => string }
/** A page may forbid a second policy of one name, and a blocked script is asked for again. */
let policy: Policy | undefined

function load(nonce: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    if (nonce) script.nonce = nonce
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove()
      reject(new Error('blocked'))
    }
    const types: { createPolicy: (name: string, rules: object) => Policy } | undefined = Reflect.get(
      window,
      'trustedTypes',
    )
    policy ??= types?.createPolicy('caty-keyless', { createScriptURL: () => SCRIPT })
    script.src = policy ? policy.createScriptURL('') : SCRIPT
    document.head.append(script)
  })
}
