/**
 * Stands in for Turnstile: its script and its verification. A response is `solved:<hostname>:<anything>` and is
 * accepted once.
 */
import type { ApiAnswer } from './widget-api.ts'

/**
 * `api.js` as a page sees it: it draws into a given element and calls back. Where the real one examines the browser,
 * this one has a button to pass and one to fail.
 */
export const CHALLENGE_SCRIPT = `window.turnstile = {
  places: new Map(),
  render(place, options) {
    if (!document.contains(place)) throw new Error('the place is not in the document')
    const id = 'w' + crypto.randomUUID()
    const button = (text, act) => {
      const made = place.appendChild(document.createElement('button'))
      made.textContent = text
      made.onclick = act
    }
    button('I am human', () => options.callback('solved:' + location.hostname + ':' + crypto.randomUUID()))
    button('I am not', () => options['error-callback']('300030'))
    place.dataset.sitekey = options.sitekey
    place.lang = options.language
    this.places.set(id, place)
    return id
  },
  remove(id) {
    this.places.get(id)?.replaceChildren()
    this.places.delete(id)
  },
}`

export class Challenges {
  readonly #used = new Set<string>()

  reset(): void {
    this.#used.clear()
  }

  /** `secrets` are the site's; without any, every secret is accepted. */
  verify(form: string, secrets: readonly string[]): ApiAnswer {
    const fields = new URLSearchParams(form)
    if (secrets.length > 0 && !secrets.includes(fields.get('secret') ?? ''))
      return { status: 200, body: { success: false, 'error-codes': ['invalid-input-secret'] } }
    const response = fields.get('response') ?? ''
    const [word, hostname] = response.split(':')
    const success = word === 'solved' && !this.#used.has(response)
    this.#used.add(response)
    return {
      status: 200,
      body: success ? { success, hostname } : { success, 'error-codes': ['invalid-input-response'] },
    }
  }
}
