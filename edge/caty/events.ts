/**
 * Streamed replies. Caty is not known to stream today. If it does, a client that asks for `text/event-stream` gets each piece
 * parsed and serialised again, and every other client gets the whole reply as JSON. The call's timeout limits the stream's
 * time, `cap` its bytes.
 */
import { readReply } from '../contract/caty.ts'
import type { MessageAnswer } from '../contract/edge.ts'
import { ReplyReader, StreamFault } from './reply-reader.ts'

export const EVENT_STREAM = 'text/event-stream'

/** From this many letters on, the beginning of a key at the end of a text is taken for the key. */
const TELLING = 8

/** The whole reply of a stream that has ended, as JSON; of one that is not whole, a refusal. */
export function joinEvents(text: string): string {
  const reader = new ReplyReader()
  try {
    // Read for what the reader keeps of it.
    Array.from(reader.feed(text))
    Array.from(reader.flush())
    return JSON.stringify(reader.reply)
  } catch (error) {
    if (error instanceof StreamFault) return '{"success":false}'
    throw error
  }
}

/** A reply that is still arriving. */
export class ReplyStream {
  readonly #source: ReadableStream<Uint8Array>
  readonly #secret: string
  readonly #cap: number

  /** `secret` is cut out of the text, also where it is split between two pieces. `cap` in bytes. */
  constructor(source: ReadableStream<Uint8Array>, secret: string, cap: number) {
    this.#source = source
    this.#secret = secret
    this.#cap = cap
  }

  /** Our own events: `data: {"content"}` for a piece, then `done` with the whole reply, or `error`. `ended` gets the reply, or `undefined`. */
  body(ended: (answer: MessageAnswer | undefined) => Promise<void>): ReadableStream<Uint8Array> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    void this.#pump(writable.getWriter(), ended)
    return readable
  }

  async #pump(
    out: WritableStreamDefaultWriter<Uint8Array>,
    ended: (answer: MessageAnswer | undefined) => Promise<void>,
  ): Promise<void> {
    // Nobody waits for the visitor to take a piece: one who left before the first takes none, and the reply would never be
    // stored. `cap` bounds what is waiting.
    const write = (text: string) => void out.write(new TextEncoder().encode(text)).catch(() => undefined)
    const say = (content: string) => {
      if (content) write(`data: ${JSON.stringify({ content })}\n\n`)
    }
    let answer: MessageAnswer | undefined
    try {
      const reader = new ReplyReader()
      let held = ''
      for await (const piece of this.#pieces(reader)) {
        const text = (held + piece).replaceAll(this.#secret, '[key]')
        const keep = beginningOf(this.#secret, text)
        held = text.slice(text.length - keep)
        say(text.slice(0, text.length - keep))
      }
      const { reply } = reader
      say(this.#withoutBeginning(held))
      const content = this.#withoutBeginning(reply.response.content)
      const whole = JSON.stringify({ ...reply, response: { ...reply.response, content } })
      answer = readReply(JSON.parse(whole.replaceAll(this.#secret, '[key]')))
    } catch {
      answer = undefined
    }
    await ended(answer)
    write(
      answer
        ? `event: done\ndata: ${JSON.stringify(answer)}\n\n`
        : 'event: error\ndata: {"success":false,"code":"OUTCOME_UNKNOWN"}\n\n',
    )
    await out.close().catch(() => undefined)
  }

  /** The end of the text may be most of the key, when the last letters never came. */
  #withoutBeginning(text: string): string {
    const length = beginningOf(this.#secret, text)
    return length < TELLING ? text : `${text.slice(0, text.length - length)}[key]`
  }

  async *#pieces(reader: ReplyReader): AsyncGenerator<string> {
    const decoder = new TextDecoder()
    let length = 0
    for await (const chunk of this.#source) {
      length += chunk.byteLength
      if (length > this.#cap) throw new StreamFault('the stream is too long')
      yield* reader.feed(decoder.decode(chunk, { stream: true }))
      if (reader.hasEnded) return
    }
    yield* reader.feed(decoder.decode())
    yield* reader.flush()
  }
}

/** The number of characters at the end of the text that could begin the secret. */
function beginningOf(secret: string, text: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (secret.startsWith(text.slice(-length))) return length
  return 0
}
