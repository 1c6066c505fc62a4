/**
 * The text of replies. What is words alone is drawn here, everything else by the chunks that can. A text is drawn in one
 * shape and keeps it: nothing of it is shown until its chunk is there, and where the chunk is late the text stays raw.
 */
import { type ComponentChildren, h } from 'preact'
import type { DrawText } from './slots.ts'

/** Milliseconds that a text waits for the chunk that draws it. */
const DEADLINE_MS = 3000

/** One line without anything that could be Markdown, an address or a phone number. Most greetings are. */
const WORDS = /^(?![-+=#•\s\d]|.*(www\.|\+\d|0\d[ ().-]{0,2}\d))[^`*_~[\]\\<>|&@/\n\r\t]*$/i

const words: DrawText = (text) => (
  <p dir="auto" style="white-space:pre-wrap">
    {text}
  </p>
)

export class Markdown {
  readonly #drawers = new Map<string, DrawText>()
  readonly #waiting = new Map<string, Promise<void>>()
  readonly #find: (text: string) => Promise<DrawText>
  readonly #changed: () => void

  /** `find` loads what draws a text; `changed` is told when something can be drawn that could not be before. */
  constructor(find: (text: string) => Promise<DrawText>, changed: () => void) {
    this.#find = find
    this.#changed = changed
  }

  /** `undefined` while the chunk that can draw the text is on its way. */
  draw(text: string): ComponentChildren {
    if (WORDS.test(text)) return words(text)
    void this.settle(text)
    return this.#drawers.get(text)?.(text)
  }

  /** Resolves when `draw` has something to show for this text, after three seconds at most. */
  async settle(text: string): Promise<void> {
    if (WORDS.test(text) || this.#drawers.has(text)) return
    const waiting = this.#waiting.get(text) ?? this.#wait(text)
    this.#waiting.set(text, waiting)
    await waiting
  }

  async #wait(text: string): Promise<void> {
    const late = new Promise<DrawText>((resolve) => setTimeout(() => resolve(words), DEADLINE_MS))
    const draw = await Promise.race([this.#find(text), late]).catch(() => words)
    this.#drawers.set(text, draw)
    this.#waiting.delete(text)
    this.#changed()
  }
}
