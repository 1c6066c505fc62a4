/**
 * The demo receiver stands for the owner's own program. It takes deliveries of the edge, verifies them with the
 * public library of Standard Webhooks, drops repeated ones, and shows the events on a page as they arrive.
 */
import { readFileSync } from 'node:fs'
import { env } from 'node:process'
import { transformSync } from 'esbuild'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { type Call, listen, standIn } from './http.ts'
import type { ShownEvent } from './receiver/shown.ts'

const webhook = new Webhook(env.RECEIVER_SECRET ?? '')
/** The number of events kept for a page that is opened later. */
const KEEP = 200

const events: ShownEvent[] = []
let count = 0
let refused = 0
const watching = new Set<SSEStreamingApi>()

const file = (name: string): string => readFileSync(new URL(`./receiver/${name}`, import.meta.url), 'utf8')
const ASSETS: Readonly<Record<string, { type: string; body: string }>> = {
  '/': { type: 'text/html; charset=utf-8', body: file('page.html') },
  '/style.css': { type: 'text/css; charset=utf-8', body: file('style.css') },
  '/page.js': {
    type: 'text/javascript; charset=utf-8',
    body: transformSync(file('page.ts'), { loader: 'ts', target: 'es2022' }).code,
  },
}
/** The strictest policy possible, because the page shows what visitors wrote. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
}

const app = standIn()
  .post('/hooks', receive)
  .get('/events', watch)
  .get('*', (c) => {
    const asset = ASSETS[c.req.path]
    return asset ? c.body(asset.body, 200, { ...HEADERS, 'Content-Type': asset.type }) : c.body(null, 404, HEADERS)
  })

listen(app, 'webhook receiver', 'RECEIVER_PORT', Number(env.RECEIVER_PORT ?? 8792))

function receive(c: Call): Response {
  let event: unknown
  try {
    event = webhook.verify(c.var.body, c.req.header())
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error
    refused += 1
    void broadcast('refused', String(refused))
    return c.body(null, 401)
  }
  const id = c.req.header('webhook-id') ?? ''
  if (!events.some((known) => known.id === id)) {
    count += 1
    const shown: ShownEvent = { number: count, id, at: new Date().toISOString(), event: Object(event) }
    events.push(shown)
    if (events.length > KEEP) events.shift()
    void broadcast('webhook', JSON.stringify(shown), shown.number)
  }
  return c.body(null, 204)
}

/** Server-sent events: first the events that the page has not seen, then each new one. */
function watch(c: Call): Response {
  for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  const seen = Number(c.req.header('last-event-id') ?? 0)
  return streamSSE(c, async (stream) => {
    await stream.writeSSE({ event: 'refused', data: String(refused) })
    for (const shown of events)
      if (shown.number > seen)
        await stream.writeSSE({ event: 'webhook', data: JSON.stringify(shown), id: String(shown.number) })
    watching.add(stream)
    await new Promise<void>((resolve) => stream.onAbort(resolve))
    watching.delete(stream)
  })
}

async function broadcast(event: string, data: string, id?: number): Promise<void> {
  const message = { event, data, ...(id !== undefined && { id: String(id) }) }
  await Promise.all([...watching].map((stream) => stream.writeSSE(message)))
}
