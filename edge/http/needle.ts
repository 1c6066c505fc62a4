/**
 * Finds a text of bytes in others (Horspool's algorithm): it looks at the byte where the text would end, and mostly skips
 * as many bytes as the text has.
 */
export class Needle {
  readonly #text: Uint8Array
  /** By the byte at the end of the window: how far the next window begins. */
  readonly #skips: Uint8Array

  /**
   * At most 255 bytes. Where the first of them comes in the text only once, the time of a search is linear whatever the
   * bytes are: a comparison that fails late ends where the next can begin.
   */
  constructor(text: string) {
    this.#text = new TextEncoder().encode(text)
    this.#skips = new Uint8Array(256).fill(this.#text.length)
    for (const [at, byte] of this.#text.subarray(0, -1).entries()) this.#skips[byte] = this.#text.length - 1 - at
  }

  get length(): number {
    return this.#text.length
  }

  /** Where the text begins in the bytes, from this place on; -1 if it is not there. */
  indexIn(bytes: Uint8Array, from = 0): number {
    const last = this.#text.length - 1
    const end = this.#text[last]
    for (let at = from; at + last < bytes.length; ) {
      const byte = bytes[at + last] ?? 0
      if (byte === end && this.#isAt(bytes, at)) return at
      at += this.#skips[byte] ?? 1
    }
    return -1
  }

  #isAt(bytes: Uint8Array, at: number): boolean {
    for (let n = 0; n < this.#text.length; n++) if (bytes[at + n] !== this.#text[n]) return false
    return true
  }
}
