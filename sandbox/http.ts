/** What the stand-ins share of HTTP: reading a body, answering JSON, and failing as they were told. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './control.ts'

export type JsonAnswer = { status: number; body: object; headers?: Record<string, string> }

const BODY_CAP = 12 * 1024 * 1024

export async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > BODY_CAP) throw new Error('the body is too large')
    chunks.push(chunk)
  }
  const whole = Buffer.concat(chunks)
  return whole.toString(request.headers['content-type']?.startsWith('multipart/') ? 'latin1' : 'utf8')
}

export function answerJson(response: ServerResponse, { status, body, headers }: JsonAnswer): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** Carries out a fault; `false` when it was only a delay and the real answer follows. */
export async function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (fault.delayMs !== undefined) await pause(fault.delayMs, request)
  if (fault.hangUp) {
    response.destroy()
    return true
  }
  if (fault.redirectTo !== undefined) {
    response.writeHead(fault.status ?? 302, { Location: fault.redirectTo, ...fault.headers }).end()
    return true
  }
  if (fault.status === undefined && fault.body === undefined) return false
  const planned = { success: false, error: 'Planned failure', code: 'INTERNAL' }
  response.writeHead(fault.status ?? 200, {
    'Content-Type': fault.contentType ?? 'application/json',
    ...fault.headers,
  })
  const text = asText(fault.body ?? planned).repeat(fault.bodyRepeat ?? 1)
  if (fault.cut) response.write(text, () => response.destroy())
  else response.end(text)
  return true
}

const asText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body))

/** Waits, but no longer than the caller does. */
function pause(ms: number, { socket }: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      socket.off('close', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    socket.once('close', end)
  })
}

export const flatten = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]))
