/**
 * The demo receiver: stands for the owner's own program. It takes what the edge delivers, verifies it with the public
 * library of Standard Webhooks, drops what it has seen, and shows the events on a page as they come.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { env, exit } from 'node:process'
import { transformSync } from 'esbuild'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { read } from './http.ts'
import type { ShownEvent } from './receiver/shown.ts'

const port = Number(env.RECEIVER_PORT ?? 8792)
const webhook = new Webhook(env.RECEIVER_SECRET ?? '')
/** Events kept for a page that is opened later. */
const KEEP = 200

const events: ShownEvent[] = []
let count = 0
let refused = 0
const watching = new Set<ServerResponse>()

const file = (name: string): Buffer => readFileSync(new URL(`./receiver/${name}`, import.meta.url))
const ASSETS: Readonly<Record<string, { type: string; body: string | Buffer }>> = {
  '/': { type: 'text/html; charset=utf-8', body: file('page.html') },
  '/style.css': { type: 'text/css; charset=utf-8', body: file('style.css') },
  '/page.js': {
    type: 'text/javascript; charset=utf-8',
    body: transformSync(file('page.ts').toString(), { loader: 'ts', target: 'es2022' }).code,
  },
}
/** As strict as a page can have it: what a visitor wrote is shown here. */
const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.destroy())
})
server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set RECEIVER_PORT to another.` : String(error))
  exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`webhook receiver on http://localhost:${port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(0))

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://receiver.invalid')
  if (request.method === 'POST' && pathname === '/hooks') return receive(request, response)
  if (request.method === 'GET' && pathname === '/events') return watch(request, response)
  const asset = request.method === 'GET' ? ASSETS[pathname] : undefined
  if (!asset) {
    response.writeHead(404, HEADERS).end()
    return
  }
  response.writeHead(200, { ...HEADERS, 'Content-Type': asset.type }).end(asset.body)
}

/** Answers before anything else is done with it: the sender waits ten seconds and no longer. */
async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await read(request)
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  let event: unknown
  try {
    event = webhook.verify(body, headers)
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error
    refused += 1
    response.writeHead(401).end()
    return broadcast('refused', String(refused))
  }
  response.writeHead(204).end()
  const id = headers['webhook-id'] ?? ''
  if (events.some((known) => known.id === id)) return
  count += 1
  const shown: ShownEvent = { number: count, id, at: new Date().toISOString(), event: Object(event) }
  events.push(shown)
  if (events.length > KEEP) events.shift()
  broadcast('webhook', JSON.stringify(shown), shown.number)
}

/** Server-sent events: what the page has not seen yet, and then what comes. */
function watch(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' })
  const seen = Number(request.headers['last-event-id'] ?? 0)
  response.write(message('refused', String(refused)))
  for (const shown of events)
    if (shown.number > seen) response.write(message('webhook', JSON.stringify(shown), shown.number))
  watching.add(response)
  response.once('close', () => watching.delete(response))
}

const message = (name: string, data: string, id?: number): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${data}\n\n`

function broadcast(name: string, data: string, id?: number): void {
  for (const response of watching) response.write(message(name, data, id))
}
