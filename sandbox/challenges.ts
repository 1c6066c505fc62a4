/** Stands in for Turnstile's verification: a response is `solved:<hostname>:<anything>` and counts once. */
import type { ApiAnswer } from './widget-api.ts'

export class Challenges {
  readonly #used = new Set<string>()

  reset(): void {
    this.#used.clear()
  }

  /** `secrets` are the site's; with none of them any is taken. */
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
