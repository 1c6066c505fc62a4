/**
 * What a person sees and a script reads. Results go to stdout, everything on the way to stderr, so a pipe gets results
 * only; with `--json` stdout carries one object. Colours, spinners and questions are for terminals alone.
 */
import type { Readable, Writable } from 'node:stream'
import { styleText } from 'node:util'
import { type CANCEL_SYMBOL, confirm, isCancel, password, select, spinner, text } from '@clack/prompts'
import { Mistake } from './mistake.ts'

type Colour = Parameters<typeof styleText>[0]
type Output = Writable & { isTTY?: boolean }
export type Streams = { out: Output; err: Output; in: Readable & { isTTY?: boolean } }

export type Question = {
  message: string
  placeholder?: string
  /** What is wrong with an answer; the question is asked again until nothing is. */
  check?: (answer: string) => string | undefined
}

export class Terminal {
  readonly json: boolean
  readonly #streams: Streams
  /** Lines that came while a spinner draws; they follow it. */
  #held: string[] | undefined

  constructor(json: boolean, streams: Streams) {
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

  /** A line of the result with a green tick before it. */
  done(line: string): void {
    this.say(`${this.paint('green', '✓')} ${line}`)
  }

  /** The result for scripts; silent without `--json`. */
  result(value: object): void {
    if (this.json) this.#streams.out.write(`${JSON.stringify(value, null, 2)}\n`)
  }

  /** A line on the way: what is being done now, or a warning. */
  note(line: string): void {
    if (this.#held) this.#held.push(line)
    else this.#streams.err.write(`${line}\n`)
  }

  /** Says why a command ended, for a person and for a script. */
  refuse({ ending, sentences }: Mistake): void {
    this.result({ ok: false, ending, sentences })
    for (const sentence of sentences) this.note(`${this.paint('red', '✗')} ${sentence}`)
  }

  /** Colours only where somebody looks: `styleText` heeds the stream, NO_COLOR and FORCE_COLOR. */
  paint(colour: Colour, words: string): string {
    return styleText(colour, words, { stream: this.#streams.out })
  }

  /** Runs a long step: a spinner at a terminal, a line in a script. */
  async step<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (!this.#streams.err.isTTY || this.json) {
      this.note(`${what} …`)
      return await work()
    }
    const turning = spinner({ output: this.#streams.err, indicator: 'timer' })
    turning.start(what)
    this.#held = []
    process.once('exit', interrupted)
    try {
      const result = await work()
      turning.stop(what)
      return result
    } catch (error) {
      turning.error(what)
      throw error
    } finally {
      process.off('exit', interrupted)
      const held = this.#held
      this.#held = undefined
      for (const line of held) this.note(line)
    }
  }

  /** The answer, empty when somebody only presses Enter. Call it only where `asks` is true. */
  async ask({ message, placeholder, check }: Question): Promise<string> {
    const validate = (answer: string | undefined) => check?.((answer ?? '').trim())
    const answer = await text({ ...this.#common(), message, validate, ...(placeholder && { placeholder }) })
    return this.#answered(answer).trim()
  }

  /** An answer that nobody reads over a shoulder. Call it only where `asks` is true. */
  async askHidden({ message, check }: Question): Promise<string> {
    const validate = (answer: string | undefined) => check?.(answer ?? '')
    return this.#answered(await password({ ...this.#common(), message, validate }))
  }

  /** One of several. Call it only where `asks` is true. */
  async choose(message: string, words: readonly string[]): Promise<string> {
    return this.#answered(await select({ ...this.#common(), message, options: words.map((value) => ({ value })) }))
  }

  /** Yes or no. Call it only where `asks` is true. */
  async agrees(message: string): Promise<boolean> {
    return this.#answered(await confirm({ ...this.#common(), message }))
  }

  #common() {
    return { input: this.#streams.in, output: this.#streams.err }
  }

  /** Throws `Mistake` for Ctrl-C. */
  #answered<T extends string | boolean>(answer: T | typeof CANCEL_SYMBOL): T {
    if (isCancel(answer)) throw new Mistake('usage', 'You stopped it: nothing more was done.')
    return answer
  }
}

/** The spinner ends the process with 0 on Ctrl-C, and a script would take that for done. */
const interrupted = (): void => {
  process.exitCode = 130
}
