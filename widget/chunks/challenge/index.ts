/**
 * The challenge chunk, for edges that ask for Turnstile before a visitor's first bound token. The page's policy must allow
 * `script-src` and `frame-src` of challenges.cloudflare.com.
 */

import type { Core } from '../../chunk-api/core.ts'
import { type ScriptPolicy, scriptPolicy } from '../../chunk-api/script-policy.ts'
import { CallError } from '../../client/errors.ts'

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit'

type Rendering = {
  sitekey: string
  language: string
  callback: (response: string) => void
  'error-callback': () => void
  'unsupported-callback': () => void
}

declare global {
  interface Window {
    /** `render` returns the id that `remove` takes. */
    turnstile?: { render: (place: HTMLElement, rendering: Rendering) => string; remove: (id: string) => void }
  }
}

/** Resolves with the response to the challenge. Rejects with `CallError` when the script cannot load or the visitor fails. */
export async function solve(core: Core, siteKey: string): Promise<string> {
  const composer = await visibleComposer(core)
  if (!window.turnstile)
    await loadScript(core.options().nonce).catch(() => {
      throw blocked()
    })
  const { turnstile } = window
  if (!turnstile) throw blocked()
  // Turnstile looks its place up in the document, which does not see into a shadow root, so the place is slotted in.
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
      id = turnstile.render(place, {
        sitekey: siteKey,
        language: core.language(),
        callback: resolve,
        'error-callback': failed,
        'unsupported-callback': failed,
      })
    })
  } finally {
    if (id) turnstile.remove(id)
    place.remove()
    frame.remove()
  }
}

/**
 * The composer, once the chat is open. Rules open a session while the chat is closed, and a challenge must not be the first
 * that a visitor sees of the widget.
 */
async function visibleComposer(core: Core): Promise<Element> {
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

/** Made once, because a page may forbid a second policy of the same name, and a blocked script is asked for again. */
let policy: ScriptPolicy | undefined

function loadScript(nonce: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    if (nonce) script.nonce = nonce
    script.onload = () => resolve()
    script.onerror = () => {
      script.remove()
      reject(new Error('blocked'))
    }
    policy ??= scriptPolicy('caty-keyless')
    policy.setSource(script, SCRIPT)
    document.head.append(script)
  })
}
