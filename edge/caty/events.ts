/**
 * Streamed replies (server-sent events, WHATWG HTML section 9.2). Caty is not known to stream today. If it does, a client
 * that asks for `text/event-stream` gets each piece parsed and serialised again, and every other client gets the whole
 * reply as JSON. The call's timeout limits the stream's time, `cap` its bytes.
 */
import * as v from 'valibot'
import { parsedJson } from '../base/json.ts'
import { readReply } from '../contract/caty.ts'
import type { MessageAnswer } from '../contract/edge.ts'

export const EVENT_STREAM = 'text/event-stream'

const Delta = v.pipe(
  v.object({ delta: v.optional(v.string()), text: v.optional(v.string()), content: v.optional(v.string()) }),
  v.check(({ delta, text, content }) => (delta ?? text ?? content) !== undefined),
)

type Piece = { delta: string } | { whole: MessageAnswer } | { end: true }

/** The content of one event; `undefined` for an unknown one. `name` is its `event:` field. */
export function readPiece(name: string, data: string): Piece | undefined {
  if (data === '[DONE]') return { end: true }
  const json = parsedJson(data)
  if (json === undefined) return { delta: data }
  if (typeof json === 'string') return { delta: json }
  const whole = /^(done|end|complete|final)$/.test(name) ? readReply(json) : undefined
  if (whole) return { whole }
  const said = v.safeParse(Delta, json)
  return said.success ? { delta: said.output.delta ?? said.output.text ?? said.output.content ?? '' } : undefined
}

/** The complete events of a text, and the rest that may still grow. */
function splitEvents(text: string): { events: { name: string; data: string }[]; rest: string } {
  const blocks = text.split(/\r?\n\r?\n/)
  const rest = blocks.pop() ?? ''
  const events = blocks.map((block) => {
    const lines = block.split(/\r?\n/)
    const values = (field: string) =>
      lines.filter((line) => line.startsWith(`${field}:`)).map((line) => line.slice(field.length + 1).replace(/^ /, ''))
    return { name: values('event')[0] ?? 'message', data: values('data').join('\n') }
  })
  return { events: events.filter(({ data }) => data !== ''), rest }
}

/** The whole reply of a stream that has ended, as JSON in the shape of the flat dialect. */
export function joinEvents(text: string): string {
  let content = ''
  for (const { name, data } of splitEvents(`${text}\n\n`).events) {
    const piece = readPiece(name, data)
    if (piece && 'whole' in piece) return JSON.stringify(piece.whole)
    if (piece && 'delta' in piece) content += piece.delta
  }
  return JSON.stringify({ success: true, content })
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
    let content = ''
    let held = ''
    let whole: MessageAnswer | undefined
    const say = (piece: string) => {
      const text = (held + piece).replaceAll(this.#secret, '[key]')
      const keep = beginningOf(this.#secret, text)
      held = text.slice(text.length - keep)
      const ready = text.slice(0, text.length - keep)
      content += ready
      if (ready) write(`data: ${JSON.stringify({ content: ready })}\n\n`)
    }
    try {
      for await (const { name, data } of this.#events()) {
        const piece = readPiece(name, data)
        if (piece && 'end' in piece) break
        if (piece && 'whole' in piece) whole = piece.whole
        if (piece && 'delta' in piece) say(piece.delta)
      }
      content += held
      if (held) write(`data: ${JSON.stringify({ content: held })}\n\n`)
      const redacted = JSON.stringify(whole ?? { success: true, content }).replaceAll(this.#secret, '[key]')
      const answer = readReply(JSON.parse(redacted))
      await ended(answer)
      write(`event: done\ndata: ${JSON.stringify(answer)}\n\n`)
    } catch {
      await ended(undefined)
      write('event: error\ndata: {"success":false,"code":"OUTCOME_UNKNOWN"}\n\n')
    }
    await out.close().catch(() => undefined)
  }

  async *#events() {
    const decoder = new TextDecoder()
    let text = ''
    let length = 0
    for await (const chunk of this.#source) {
      length += chunk.byteLength
      if (length > this.#cap) throw new Error('the stream is too long')
      const { events, rest } = splitEvents(text + decoder.decode(chunk, { stream: true }))
      text = rest
      yield* events
    }
    yield* splitEvents(`${text}\n\n`).events
  }
}

/** The number of characters at the end of the text that could begin the secret. */
function beginningOf(secret: string, text: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length--)
    if (secret.startsWith(text.slice(-length))) return length
  return 0
}
