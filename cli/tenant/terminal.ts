/**
 * What a person sees and a script reads. Results go to stdout, everything on the way to stderr, so a pipe gets results
 * only; with `--json` stdout carries one object. Colours and questions are for terminals alone.
 */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { styleText } from 'node:util'

type Colour = Parameters<typeof styleText>[0]
type Output = NodeJS.WritableStream & { isTTY?: boolean }
type Input = NodeJS.ReadableStream & { isTTY?: boolean }
export type Streams = { out: Output; err: Output; in: Input }

export class Terminal {
  readonly json: boolean
  readonly #streams: Streams

  constructor(json: boolean, streams: Streams = { out: process.stdout, err: process.stderr, in: process.stdin }) {
    this.json = json
    this.#streams = streams
  }

  /** May it ask? Only a person at a terminal can answer; a script must never hang on a question. */
  get asks(): boolean {
    return !this.json && Boolean(this.#streams.in.isTTY && this.#streams.err.isTTY)
  }

  /** A line of the result; silent with `--json`. */
  say(line = ''): void {
    if (!this.json) this.#streams.out.write(`${line}\n`)
  }

  /** The result for scripts; silent without `--json`. */
  result(value: object): void {
    if (this.json) this.#streams.out.write(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** A line on the way: what is being done now. */
  note(line: string): void {
    this.#streams.err.write(`${line}\n`)
  }

  /** Colours only where somebody looks: `styleText` heeds the stream, NO_COLOR and FORCE_COLOR. */
  paint(colour: Colour, text: string): string {
    return styleText(colour, text, { stream: this.#streams.out })
  }

  /** Runs a long step: a line when it starts, and how long it took. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    const { err } = this.#streams
    const started = performance.now()
    const seconds = (): string => `${((performance.now() - started) / 1000).toFixed(1)} s`
    if (!err.isTTY) {
      this.note(`${what} …`)
      return await work()
    }
    const draw = (mark: string, end: string): boolean => err.write(`\r\u001b[K${mark} ${what} ${seconds()}${end}`)
    const ticking = setInterval(() => draw('…', ''), 200)
    draw('…', '')
    try {
      const result = await work()
      draw('✓', '\n')
      return result
    } catch (error) {
      draw('✗', '\n')
      throw error
    } finally {
      clearInterval(ticking)
    }
  }

  /** The answer, or `otherwise` for an empty one. Call it only where `asks` is true. */
  async ask(question: string, otherwise = ''): Promise<string> {
    const { in: input, err: output } = this.#streams
    const reader = createInterface({ input, output })
    try {
      const answer = (await reader.question(`${question}${otherwise && ` [${otherwise}]`} `)).trim()
      return answer === '' ? otherwise : answer
    } finally {
      reader.close()
    }
  }

  /** An answer that nobody reads over a shoulder. Call it only where `asks` is true. */
  async askHidden(question: string): Promise<string> {
    const { in: input, err } = this.#streams
    err.write(`${question} `)
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
    const reader = createInterface({ input, output: nowhere, terminal: true })
    try {
      return await reader.question('')
    } finally {
      reader.close()
      err.write('\n')
    }
  }
}
