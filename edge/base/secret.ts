/**
 * A text that must not leak. It has no enumerable member and prints as `[secret]`, so a log line, an error or a
 * `JSON.stringify` of the settings cannot carry it. Only `revealSecret` returns it, and the lint
 * (`scripts/check-imports.ts`) knows who may call that.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself, for the module that spends it. */
  revealSecret(): string {
    return this.#text
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }
}
