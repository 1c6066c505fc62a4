/** Replies in pieces, should Caty begin to send them. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { joinEvents, ReplyStream } from '../../edge/caty/events.ts'
import { readPiece } from '../../edge/caty/reply-reader.ts'
import { json, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const EVENTS = [
  'data: {"delta":"We are "}',
  ': a comment that keeps the line open',
  'data: {"content":"open."}',
  'event: done\ndata: {"success":true,"content":"We are open.","suggested_actions":[{"label":"Where?"}],"secret":"x"}\n\n',
].join('\n\n')

async function message(accept?: string) {
  const visitor = await (await Visitor.create()).login()
  const session_id = await visitor.openSession()
  await planFaults({ path: '/api/widget/chat/message', body: EVENTS, contentType: 'text/event-stream; charset=utf-8' })
  const headers = { 'Idempotency-Key': '"one"', ...(accept && { Accept: accept }) }
  const send = () => visitor.post('/api/widget/message', { session_id, message: 'Are you open?' }, headers)
  return { first: await send(), send }
}

describe('a reply in pieces', () => {
  it('goes on as pieces of our own making to whoever asks for them, and is kept whole for a retry', async () => {
    const { first, send } = await message('text/event-stream')
    expect(first.headers.get('Content-Type')).toBe('text/event-stream')
    const text = await first.text()
    expect(text).toBe(
      'data: {"content":"We are "}\n\ndata: {"content":"open."}\n\nevent: done\ndata: {"success":true,"response":{"content":"We are open.","suggested_actions":[{"label":"Where?"}]},"metadata":{}}\n\n',
    )
    expect((await json(await send())).response.content).toBe('We are open.')
    expect((await received()).filter((call) => call.path.endsWith('/message'))).toHaveLength(1)
  })

  it('is one answer for everybody else', async () => {
    const { first } = await message()
    expect(await json(first)).toMatchObject({ success: true, response: { content: 'We are open.' } })
  })

  it('that breaks off says so', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('data: {"delta":"We "}\n\n'))
        controller.error(new Error('gone'))
      },
    })
    let kept: unknown = 'nothing'
    const body = new ReplyStream(broken, env.CATY_API_KEY, 1000).body(async (answer) => {
      kept = answer
    })
    expect(await new Response(body).text()).toContain('event: error')
    expect(kept).toBeUndefined()
  })

  it('never carries the key, also not in two halves', async () => {
    const key = env.CATY_API_KEY
    for (let cut = 1; cut < key.length; cut += 5) {
      const said = [`x${key.slice(0, cut)}`, `${key.slice(cut)}y`].map(
        (delta) => `data: ${JSON.stringify({ delta })}\n\n`,
      )
      const source = new Response(said.join('')).body
      if (!source) throw new Error('no body')
      const text = await new Response(new ReplyStream(source, key, 10_000).body(async () => undefined)).text()
      expect(text).toContain('[key]')
      for (let at = 5; at + 8 <= key.length; at++) expect(text).not.toContain(key.slice(at, at + 8))
    }
  })

  it('ends at its cap', async () => {
    const source = new Response(`data: ${'x'.repeat(2000)}\n\n`).body
    if (!source) throw new Error('no body')
    expect(await new Response(new ReplyStream(source, 'caty_x', 1000).body(async () => undefined)).text()).toContain(
      'error',
    )
  })
})

it('an event is read tolerantly', () => {
  expect(readPiece('message', '[DONE]')).toEqual({ kind: 'end', whole: undefined })
  for (const words of ['plain words', ' 24', 'true', 'null', '[1]', '{curly}'])
    expect(readPiece('message', words)).toEqual({ kind: 'delta', text: words })
  expect(readPiece('message', '"quoted"')).toEqual({ kind: 'delta', text: 'quoted' })
  expect(readPiece('message', '{"other":1}')).toEqual({ kind: 'unknown' })
  expect(readPiece('ping', '{"content":"no word of the reply"}')).toBeUndefined()
})

describe('a whole stream', () => {
  const textOf = (events: string) => JSON.parse(joinEvents(events)).response?.content
  const FAILED = { success: false }

  it('is read by the rules of the format: every line break, a byte order mark, comments, lines of one event', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [
        ': hello',
        'data: {"text":"a "}',
        '',
        'id: 1',
        'retry: 5',
        'data:24',
        '',
        'data:  b',
        'data: c',
        '',
        '',
      ]
      expect(textOf(`\ufeff${lines.join(end)}`)).toBe('a 24 b\nc')
    }
    expect(textOf('data: true\n\ndata: , \n\ndata: 24\n\ndata: [DONE]\n\ndata: more\n\n')).toBe('true, 24')
  })

  it.each([
    [
      'an error in the middle',
      'data: {"text":"a"}\n\nevent: error\ndata: {"message":"overloaded"}\n\ndata: {"text":"b"}\n\n',
    ],
    ['an error as an object', 'data: {"text":"a"}\n\ndata: {"error":{"type":"overloaded"}}\n\n'],
    ['an error by its type', 'data: {"text":"a"}\n\ndata: {"type":"error"}\n\n'],
    ['a refusal', 'data: {"success":false,"message":"no"}\n\n'],
    ['a refusal at the end', 'data: {"text":"a"}\n\nevent: done\ndata: {"success":false}\n\n'],
    ['an unknown shape alone', 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'],
    ['an unknown shape among others', 'data: {"text":"a"}\n\ndata: {"choices":[]}\n\n'],
    ['nothing', ''],
    ['an end without a word', 'event: done\ndata: {}\n\n'],
    ['words that are cut off', 'data: We are\n\ndata: op'],
    ['JSON that is cut off', 'data: {"text":"We are"}\n\ndata: {"text":"op'],
    ['JSON of two halves', 'data: {"text":"We\n\ndata: are open"}\n\n'],
  ])('%s is no reply', (_name, events) => {
    expect(JSON.parse(joinEvents(events))).toEqual(FAILED)
  })

  it('counts what came before an event that is whole by itself, without its blank line', () => {
    expect(textOf('data: {"text":"a"}\r\n\r\ndata: {"text":"b"}')).toBe('ab')
    expect(textOf('data: {"choices":[]}\n\nevent: done\ndata: {"content":"whole"}')).toBe('whole')
  })

  it('gives the same text however the bytes are cut, or says that it broke off', async () => {
    const events = 'data: Grüße 😀\r\n\r\ndata: 24\r\rdata: {"text":"!"}\n\ndata: [DONE]\n\n'
    const bytes = new TextEncoder().encode(events)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (one, other) => {
        const [first, end] = [Math.min(one, other), Math.max(one, other)]
        const source = new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(bytes.slice(0, first))
            controller.enqueue(bytes.slice(first, end))
            controller.close()
          },
        })
        let kept: string | undefined
        const body = new ReplyStream(source, env.CATY_API_KEY, 1000).body(async (answer) => {
          kept = answer?.response.content
        })
        const said = await new Response(body).text()
        if (end >= bytes.length - '\n\n'.length) expect(kept).toBe('Grüße 😀24!')
        // A reply without its end mark is whole up to the event that it has; a word or a letter is never cut.
        else expect(['Grüße 😀', 'Grüße 😀24', 'Grüße 😀24!', undefined]).toContain(kept)
        expect(said).toContain(kept === undefined ? 'event: error' : 'event: done')
      }),
      { numRuns: 300 },
    )
  })
})

describe('an error inside a 200', () => {
  it.each([
    ['as events', 'data: {"text":"We are"}\n\nevent: error\ndata: {}\n\n', 'text/event-stream'],
    ['as JSON', '{"error":"RATE_LIMITED","message":"Try again later"}', 'application/json'],
    ['as JSON that says so', '{"success":false,"message":"Try again later"}', 'application/json'],
  ])('%s is no reply', async (_name, body, contentType) => {
    const visitor = await (await Visitor.create()).login()
    const session_id = await visitor.openSession()
    await planFaults({ path: '/api/widget/chat/message', body, contentType })
    const answer = await visitor.post('/api/widget/message', { session_id, message: 'Are you open?' })
    expect(answer.status).toBe(504)
    expect(await answer.text()).not.toMatch(/We are|later/)
  })

  it('ends a stream that has begun', async () => {
    const visitor = await (await Visitor.create()).login()
    const session_id = await visitor.openSession()
    const body = 'data: {"text":"We are"}\n\nevent: error\ndata: {}\n\n'
    await planFaults({ path: '/api/widget/chat/message', body, contentType: 'text/event-stream' })
    const message = { session_id, message: 'Are you open?' }
    const answer = await visitor.post('/api/widget/message', message, { Accept: 'text/event-stream' })
    expect(await answer.text()).toMatch(/^data: \{"content":"We are"\}\n\nevent: error\n/)
  })
})

it('a key that ends one letter early is no word of a reply', async () => {
  const key = env.CATY_API_KEY
  const source = new Response(`data: The key is ${key.slice(0, -1)}\n\n`).body
  if (!source) throw new Error('no body')
  const text = await new Response(new ReplyStream(source, key, 10_000).body(async () => undefined)).text()
  expect(text).toContain('The key is [key]')
  expect(text).not.toContain(key.slice(0, 8))
})
