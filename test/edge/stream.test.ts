/** Replies in pieces, should Caty begin to send them. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { joinEvents, ReplyStream, readPiece } from '../../edge/caty/events.ts'
import { json, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const EVENTS = [
  'data: {"delta":"We are "}',
  ': a comment that keeps the line open',
  'data: {"content":"open."}',
  'event: done\ndata: {"success":true,"content":"We are open.","suggested_actions":[{"label":"Where?"}],"secret":"x"}',
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
  expect(readPiece('message', '[DONE]')).toEqual({ end: true })
  expect(readPiece('message', 'plain words')).toEqual({ delta: 'plain words' })
  expect(readPiece('message', '"quoted"')).toEqual({ delta: 'quoted' })
  expect(readPiece('message', '{"other":1}')).toBeUndefined()
  expect(JSON.parse(joinEvents('data: {"text":"a"}\r\n\r\ndata: {"text":"b"}'))).toEqual({
    success: true,
    content: 'ab',
  })
})
