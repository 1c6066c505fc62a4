/**
 * Reads a reply that arrives as server-sent events (WHATWG HTML section 9.2). Caty is not known to stream, so the forms are
 * those that chat APIs use: plain words, JSON with a piece of the text, and a last event with the whole reply. What is not
 * understood makes the reply unreadable, because half an answer must not pass for a whole one.
 */
import { createParser } from 'eventsource-parser'
import * as v from 'valibot'
import { isRecord, parsedJson } from '../base/json.ts'
import { readReply, reportsError } from '../contract/caty.ts'
import type { MessageAnswer } from '../contract/edge.ts'

/** Thrown when the stream reports an error, was cut off, or holds what cannot be read. */
export class StreamFault extends Error {}

/** Names of events that carry a piece of the text. Events of other names are ignored, as browsers ignore them. */
const PIECE = /^(message|delta|token|chunk|content|text)$/
const LAST = /^(done|end|complete|final)$/

const Delta = v.pipe(
  v.object({ delta: v.optional(v.string()), text: v.optional(v.string()), content: v.optional(v.string()) }),
  v.transform(({ delta, text, content }) => delta ?? text ?? content),
)

/** `end` may carry the whole reply. `unknown` is JSON without a piece of text. */
type Piece = { kind: 'delta'; text: string } | { kind: 'end'; whole: MessageAnswer | undefined } | { kind: 'unknown' }

/**
 * The content of one event; `undefined` for an event that is not ours. `unfinished` when the blank line after it is missing:
 * words may then be cut off, JSON that can be parsed is not. Throws `StreamFault`.
 */
export function readPiece(name: string, data: string, unfinished = false): Piece | undefined {
  if (name === 'error') throw new StreamFault('the stream reports an error')
  if (data === '[DONE]') return { kind: 'end', whole: undefined }
  const json = parsedJson(data)
  const members = isRecord(json) ? json : undefined
  if (members && reportsError(members)) throw new StreamFault('the stream reports an error')
  if (LAST.test(name)) return { kind: 'end', whole: readReply(json) }
  if (!PIECE.test(name)) return undefined
  if (members) {
    const said = v.safeParse(Delta, members)
    const text = said.success ? said.output : undefined
    return text === undefined ? { kind: 'unknown' } : { kind: 'delta', text }
  }
  if (unfinished || /^\s*\{\s*"/.test(data)) throw new StreamFault('an event is cut off')
  // Numbers, `true` and `[1]` are JSON by chance: they are words of a plain reply.
  return { kind: 'delta', text: typeof json === 'string' ? json : data }
}

export class ReplyReader {
  #events: { name: string; data: string }[] = []
  #content = ''
  #isKnown = true
  #end: { whole: MessageAnswer | undefined } | undefined
  readonly #parser = createParser({
    onEvent: ({ event = 'message', data }) => this.#events.push({ name: event, data }),
  })

  /** True after the event that ends the reply: what follows is not read. */
  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  /** Takes what arrived and gives the pieces of text in it. Throws `StreamFault`. */
  *feed(arrived: string): Generator<string> {
    this.#parser.feed(arrived)
    yield* this.#pieces(false)
  }

  /** The same at the end of the stream, for an event without its blank line. */
  *flush(): Generator<string> {
    this.#parser.feed('\n\n')
    yield* this.#pieces(true)
  }

  /** The reply of a stream that was read to its end. Throws `StreamFault` if it is not whole. */
  get reply(): MessageAnswer {
    const whole = this.#end?.whole
    if (whole) return whole
    const reply = this.#isKnown && this.#content.trim() ? readReply({ content: this.#content }) : undefined
    if (!reply) throw new StreamFault('there is no whole reply')
    return reply
  }

  *#pieces(unfinished: boolean): Generator<string> {
    for (const { name, data } of this.#events.splice(0)) {
      const piece = this.#end ? undefined : readPiece(name, data, unfinished)
      if (piece?.kind === 'unknown') this.#isKnown = false
      if (piece?.kind === 'end') this.#end = piece
      if (piece?.kind !== 'delta') continue
      this.#content += piece.text
      yield piece.text
    }
  }
}
