/**
 * A text that must not travel: it has no enumerable member and every way of printing it says `[secret]`, so a log line,
 * an error or a `JSON.stringify` of the settings cannot carry it. Only `revealSecret` gives it back, and the import
 * check (`scripts/check-imports.ts`) counts who calls that.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** The text itself. Called by the module that spends it and by nobody else. */
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
