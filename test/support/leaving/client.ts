/** A visitor's connection that is reset (RST), as by a closed tab on a phone, after any part of a call. */
import { connect } from 'node:net'

export type RawCall = { method: string; path: string; headers: Record<string, string>; body: string }

/** How much of the call is sent before the reset. */
export const PARTS = ['nothing', 'half of the headers', 'the headers', 'half of the body', 'everything'] as const
export type Part = (typeof PARTS)[number]

/** The bytes of the call up to this part. */
function bytesOf({ method, path, headers, body }: RawCall, host: string, part: Part): string {
  const all = { Host: host, ...headers, ...(body && { 'Content-Length': String(Buffer.byteLength(body)) }) }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  const head = `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
  if (part === 'nothing') return ''
  if (part === 'half of the headers') return head.slice(0, head.length / 2)
  if (part === 'the headers') return head
  return head + (part === 'half of the body' ? body.slice(0, body.length / 2) : body)
}

/** Sends a part of the call, and resets the connection once `until` resolves. */
export async function leave(edge: string, call: RawCall, part: Part, until?: Promise<unknown>): Promise<void> {
  const { hostname, port, host } = new URL(edge)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  await new Promise<void>((resolve) => socket.write(bytesOf(call, host, part), () => resolve()))
  await until
  socket.resetAndDestroy()
}
