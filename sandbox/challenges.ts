/** Stands in for Turnstile's verification: a response is `solved:<hostname>:<anything>` and counts once. */
import type { ApiAnswer } from './widget-api.ts'

export class Challenges {
  readonly #used = new Set<string>()

  reset(): void {
    this.#used.clear()
  }

  verify(form: string): ApiAnswer {
    const response = new URLSearchParams(form).get('response') ?? ''
    const [word, hostname] = response.split(':')
    const success = word === 'solved' && !this.#used.has(response)
    this.#used.add(response)
    return {
      status: 200,
      body: success ? { success, hostname } : { success, 'error-codes': ['invalid-input-response'] },
    }
  }
}
