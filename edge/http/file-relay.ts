/**
 * Streams a form with one file to the upstream while it arrives: with our own boundary and headers, the known fields, and
 * the bytes of the file, counted. Nothing else of the visitor's form is passed on.
 */
import { joinBytes } from '../base/bytes.ts'
import { malformed, type Reason, Refused } from '../base/reason.ts'
import { cut, wellFormed } from '../base/well-formed.ts'
import { inTime } from './body.ts'
import { fileType, plainName } from './file-type.ts'
import { boundaryOf, MultipartError, MultipartReader, type Part } from './multipart.ts'

export type RelayOptions = {
  allowed: Parameters<typeof fileType>[0]
  /** Bytes of the file. */
  cap: number
  /** Names of the text fields. `relay` decides whether they may come after the file. */
  fields: readonly string[]
}
export type RelayedForm = {
  contentType: string
  stream: ReadableStream<Uint8Array>
  /** Aborts the call when the stream fails: the runtime would otherwise end the request as if the form were complete. */
  signal: AbortSignal
  /** Why we aborted the stream; `undefined` if we did not. */
  fault: () => Reason | undefined
}
/** A form whose fields before the file are read, and whose file is still to come. */
export type OpenedForm = {
  fields: ReadonlyMap<string, string>
  /** `late` maps the fields after the file to the fields to send. Without it the file must be the last part. */
  relay: (fields: Record<string, string>, late?: LateFields) => RelayedForm
}
/** Called once, at the end of the form. May throw `Refused`, which aborts the call. */
export type LateFields = (fields: ReadonlyMap<string, string>) => Record<string, string>

const FIELD_CAP = 4096
/** Bytes of the file that decide its type, before anything is passed on. */
const START_BYTES = 512

/** Reads the form up to the first bytes of the file. Throws 408, 415, 400 and 413. */
export const openForm = (request: Request, options: RelayOptions): Promise<OpenedForm> =>
  inTime(readStart(request, options))

async function readStart(request: Request, options: RelayOptions): Promise<OpenedForm> {
  const boundary = boundaryOf(request.headers.get('Content-Type') ?? '')
  if (boundary === undefined || !request.body)
    throw new Refused({ kind: 'content_type', expected: 'multipart/form-data' })
  const reader = new MultipartReader(request.body, boundary)
  try {
    const fields = new Map<string, string>()
    for (;;) {
      const part = await reader.nextPart()
      if (!part) throw malformed('is missing', 'file')
      if (part.name === 'file' && part.filename !== undefined)
        return await openFile(reader, part.filename, fields, options)
      await readField(reader, part, fields, options.fields)
    }
  } catch (error) {
    await reader.cancel()
    if (error instanceof MultipartError) throw malformed('is not well-formed multipart/form-data')
    throw error
  }
}

async function readField(
  reader: MultipartReader,
  { name }: Part,
  fields: Map<string, string>,
  known: readonly string[],
) {
  if (!known.includes(name) || fields.has(name)) throw malformed('is not expected here', cut(name, 40))
  fields.set(name, await reader.text(FIELD_CAP))
}

async function openFile(
  reader: MultipartReader,
  filename: string,
  fields: ReadonlyMap<string, string>,
  { allowed, cap, fields: known }: RelayOptions,
): Promise<OpenedForm> {
  const body = reader.body()
  let start = new Uint8Array()
  while (start.length < START_BYTES) {
    const { done, value } = await body.next()
    if (done) break
    start = joinBytes([start, value])
  }
  if (start.length === 0) throw malformed('is empty', 'file')
  const type = fileType(allowed, filename, start.subarray(0, START_BYTES))
  if (type === undefined) throw new Refused({ kind: 'file_type', allowed: Object.keys(allowed) })
  if (start.length > cap) throw new Refused({ kind: 'body_too_large', limit: cap })
  const name = plainName(filename)
  return {
    fields,
    relay: (values, late) => relayed({ reader, body, start, type, name, cap, values, known, early: fields, late }),
  }
}

type Relay = {
  reader: MultipartReader
  body: AsyncGenerator<Uint8Array>
  start: Uint8Array
  type: string
  name: string
  cap: number
  values: Record<string, string>
  known: readonly string[]
  early: ReadonlyMap<string, string>
  late: LateFields | undefined
}

function relayed({ reader, body, start, type, name, cap, values, known, early, late }: Relay): RelayedForm {
  const boundary = `caty-keyless-${crypto.randomUUID()}`
  const utf8 = new TextEncoder()
  const partsOf = (fields: Record<string, string>) =>
    Object.entries(fields)
      .map(
        ([field, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${wellFormed(value)}\r\n`,
      )
      .join('')
  const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`
  let fault: Reason | undefined
  let count = start.length
  const give = async function* () {
    yield utf8.encode(partsOf(values) + fileHead)
    yield start
    for await (const piece of body) {
      count += piece.length
      if (count > cap) throw new Refused({ kind: 'body_too_large', limit: cap })
      yield piece
    }
    const after = new Map<string, string>()
    for (let part = await reader.nextPart(); part; part = await reader.nextPart()) {
      if (!late || part.name === 'file') throw malformed('must be the last part', 'file')
      if (early.has(part.name)) throw malformed('is not expected here', cut(part.name, 40))
      await readField(reader, part, after, known)
    }
    yield utf8.encode(`\r\n${partsOf(late?.(after) ?? {})}--${boundary}--\r\n`)
  }
  const pieces = give()
  const broken = new AbortController()
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      } catch (error) {
        fault = error instanceof Refused ? error.reason : { kind: 'body_malformed', why: 'was cut off' }
        broken.abort()
        await reader.cancel()
        controller.error(error)
      }
    },
    cancel: () => reader.cancel(),
  })
  return { contentType: `multipart/form-data; boundary=${boundary}`, stream, signal: broken.signal, fault: () => fault }
}
