/** Reads the body of a request. Caps count the bytes that arrive, never what a header claims. */
import * as v from 'valibot'
import { joinBytes } from '../base/bytes.ts'
import { withDeadline } from '../base/deadline.ts'
import { parsedJson } from '../base/json.ts'
import { malformed, Refused } from '../base/reason.ts'
import { cut, wellFormed } from '../base/well-formed.ts'
import { readParameters } from './parameters.ts'

/** Bytes of a JSON body or a form. */
export const JSON_CAP = 16 * 1024
/** Bytes of a batch of tracking events. */
export const TRACK_CAP = 64 * 1024

/** Milliseconds that a body may take. A slow line sends 16 KB in two seconds; a body that never ends would wait for ever. */
const BODY_TIMEOUT_MS = 10_000

/** The media type without parameters, lower case. */
const mediaType = (request: Request): string =>
  (request.headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** Refuses another content type (415). */
export function expectType(request: Request, expected: string): void {
  if (mediaType(request) !== expected) throw new Refused({ kind: 'content_type', expected })
}

/**
 * The bytes of the body. Reading stops at the cap, so a body with a missing or false length costs no more memory than an
 * honest one. Throws 408 and 413.
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await inTime(readBytes(request.body, limit))
  if (bytes === undefined) throw new Refused({ kind: 'body_too_large', limit })
  return bytes
}

/** The body as text. Throws 408, 413, and 400 for what is not UTF-8. */
export async function readText(request: Request, limit: number): Promise<string> {
  return strictText(await readBody(request, limit))
}

/** Decodes UTF-8. Throws 400 for anything else. */
export function strictText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw malformed('is not UTF-8')
  }
}

/** Waits for the reading, or throws 408. */
export const inTime = <T>(reading: Promise<T>): Promise<T> =>
  withDeadline(reading, BODY_TIMEOUT_MS, () => new Refused({ kind: 'body_slow' }))

/** All bytes of a stream; `undefined` if there are more than `limit`. */
export async function readBytes(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > limit) {
      await reader.cancel().catch(() => undefined)
      return undefined
    }
    chunks.push(value)
  }
  return joinBytes(chunks)
}

/** The JSON body as the schema reads it. Throws 415, 408, 413, and 400 with the member's name. */
export async function readJson<T extends v.GenericSchema>(
  request: Request,
  schema: T,
  limit = JSON_CAP,
): Promise<v.InferOutput<T>> {
  expectType(request, 'application/json')
  return fittingJson(schema, await readText(request, limit))
}

/** A JSON text as the schema reads it. Throws 400 with the member's name. */
export function fittingJson<T extends v.GenericSchema>(schema: T, text: string): v.InferOutput<T> {
  const value = parsedJson(text)
  if (value === undefined) throw malformed('is not JSON')
  // valibot takes a list for an object without members, and would complain about the first member.
  if (Array.isArray(value)) throw malformed('must be a JSON object')
  return fitting(schema, value)
}

/** The query as the schema reads it. Throws 400 with the parameter's name, also for one that comes twice. */
export function readQuery<T extends v.GenericSchema>(request: Request, schema: T): v.InferOutput<T> {
  const read = readParameters(new URL(request.url).searchParams, new Set())
  if (!read.ok) throw malformed(read.why, read.name ?? 'query')
  return fitting(schema, Object.fromEntries([...read.values].map(([name, [value = '']]) => [name, wellFormed(value)])))
}

/** A value as the schema reads it. Throws 400 with the member's name. */
export function fitting<T extends v.GenericSchema>(schema: T, value: unknown): v.InferOutput<T> {
  const read = v.safeParse(schema, value)
  if (read.success) return read.output
  const issue = read.issues[0]
  throw malformed(complaint(issue), cut(v.getDotPath(issue) ?? '', 100) || undefined)
}

/** The end of a sentence about one member. The received value is not repeated: it may be private. */
function complaint(issue: v.BaseIssue<unknown>): string {
  if (issue.received === 'undefined') return 'is missing'
  if (issue.type === 'max_length') return `may hold at most ${String(issue.requirement)} characters`
  if (issue.type === 'min_length' || issue.type === 'non_empty') return 'may not be empty'
  // Their messages say in words what they want; `expected` would be the pattern.
  if (issue.type === 'regex') return `must be ${issue.message}`
  if (issue.type === 'check') return issue.message
  if (issue.type === 'strict_object') return 'is not known here'
  return issue.expected ? `must be ${issue.expected.toLowerCase()}` : 'does not have the expected form'
}
