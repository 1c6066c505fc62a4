/**
 * A broken edge, as its own process: an HTTP proxy in front of the real edge that plants a fault. The header `X-Fault`
 * names the fault and never reaches the edge; without it the proxy changes nothing.
 *
 *   BROKEN_PORT=… EDGE_URL=… PAGE_ORIGIN=… LEAKED_KEY=… node test/support/broken-edge.ts
 *
 * For a fault that accepts an invalid credential, the proxy sends the real edge a valid one of its own visitor instead.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { env } from 'node:process'
import type { Fault, Place, Reply, Request } from './broken-edge/fault.ts'
import { FAULTS } from './broken-edge/faults.ts'
import { HttpVisitor } from './visitor.ts'

const port = Number(env.BROKEN_PORT)
const target = new URL(env.EDGE_URL ?? '')
const PAGE = env.PAGE_ORIGIN ?? ''
const issuer = `http://localhost:${port}`
const names = Object.keys(FAULTS)

/** All faults share one visitor, because the edge limits how many visitors start in a minute. */
let own: Promise<HttpVisitor> | undefined
const proofsSeen = new Map<string, Set<string>>()

createServer((incoming, outgoing) => {
  handle(incoming, outgoing).catch((error: unknown) => {
    outgoing.writeHead(500, { 'Content-Type': 'text/plain' }).end(`broken edge: ${String(error)}`)
  })
}).listen(port, '127.0.0.1')

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { 'x-fault': name = '', ...headers } = singleFields(incoming)
  // Each fault is tried from its own address, so that it does not use up the limits of another.
  headers['cf-connecting-ip'] = `198.51.100.${names.indexOf(name) + 2}`
  const fault: Fault = FAULTS[name] ?? {}
  const request: Request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers, body: '' }
  // Streamed unless a fault reads the body, so that a slow body also reaches the edge slowly.
  const streamed = fault.readsBody !== true
  if (!streamed) request.body = await textOf(incoming)
  const place = await placeOf(name)
  const changed = (await fault.request?.(request, place)) ?? request
  const reply = 'status' in changed ? changed : await send(changed, streamed ? incoming : undefined)
  const answer = fault.reply ? fault.reply(reply, request, place) : reply
  outgoing.writeHead(answer.status, answer.headers).end(answer.body, 'latin1')
}

async function placeOf(name: string): Promise<Place> {
  own ??= HttpVisitor.login(target.origin, PAGE, issuer)
  const seen = proofsSeen.get(name) ?? new Set<string>()
  proofsSeen.set(name, seen)
  return { page: PAGE, key: env.LEAKED_KEY ?? '', visitor: await own, seen }
}

const singleFields = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]))

function send({ method, path, headers, body }: Request, incoming: IncomingMessage | undefined): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { 'content-length': _, 'transfer-encoding': __, ...kept } = headers
    const framed = incoming
      ? headers
      : { ...kept, ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }) }
    const call = forward({ host: target.hostname, port: target.port, method, path, headers: framed }, (response) => {
      textOf(response).then((text) => {
        const {
          connection: ___,
          'transfer-encoding': ____,
          'content-length': _____,
          ...received
        } = singleFields(response)
        resolve({ status: response.statusCode ?? 502, headers: received, body: text })
      }, reject)
    })
    call.once('error', reject)
    if (incoming) incoming.pipe(call)
    else call.end(body)
  })
}

async function textOf(stream: IncomingMessage): Promise<string> {
  let text = ''
  stream.setEncoding('latin1')
  for await (const chunk of stream) text += String(chunk)
  return text
}
