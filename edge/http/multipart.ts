/**
 * Reads multipart/form-data (RFC 7578) as it arrives, with little in memory. The platform's own `formData()` would
 * hold the whole file.
 */
import { joinBytes } from '../base/bytes.ts'
import { Needle } from './needle.ts'

export type Part = { name: string; filename: string | undefined }

/** Bytes that the headers of a part may take, and what stands before the first boundary. */
const HEAD_CAP = 4096
/** Letters of the name of a field or a file. */
const MAX_NAME = 300
/** The least and the most bytes of a read, of a file and of everything before it. Each read costs more than its bytes do. */
const OF_FILE = { least: 64 * 1024, most: 128 * 1024 }
const AS_IT_COMES = { least: 1, most: 4096 }
/** So many bytes of a file are read as they come, since they decide its type. */
const FIRST = 4096
const HEAD_END = new Needle('\r\n\r\n')

/** Thrown for a form that is not well-formed; the caller answers 400. */
export class MultipartError extends Error {}

/** The boundary in a content type; `undefined` unless it is `multipart/form-data` with a valid one (RFC 2046 section 5.1.1). */
export function boundaryOf(contentType: string): string | undefined {
  const [, type = '', rest = ''] = /^([^;]*)(.*)$/s.exec(contentType) ?? []
  if (type.trim().toLowerCase() !== 'multipart/form-data') return undefined
  const [boundary, second] = parametersOf(rest, 'boundary')
  return second === undefined && boundary !== undefined && /^[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]$/.test(boundary)
    ? boundary
    : undefined
}

/**
 * The values of one parameter in a list of them (RFC 9110 section 5.6.6), `; name=value; name="value"`, where a backslash
 * may stand before a quote. Empty when the list is not well-formed.
 */
function parametersOf(list: string, wanted: string): string[] {
  const PARAMETER = /\s*;\s*(?:([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:\\.|[^"\\\r\n])*)"|([^\s;"]*)))?/y
  const values: string[] = []
  let at = 0
  for (let match = PARAMETER.exec(list); match; match = PARAMETER.exec(list)) {
    at = PARAMETER.lastIndex
    if (match[1]?.toLowerCase() === wanted) values.push(match[2]?.replace(/\\(["\\])/g, '$1') ?? match[3] ?? '')
  }
  return list.slice(at).trim() === '' ? values : []
}

/** A stream that JavaScript makes has no reader that takes a buffer, until it has passed one of the platform's. */
function bytesOf(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch {
    return stream.pipeThrough(new IdentityTransformStream()).getReader({ mode: 'byob' })
  }
}

export class MultipartReader {
  readonly #reader: ReadableStreamBYOBReader
  readonly #delimiter: Needle
  /** Bytes that were read but not returned yet. */
  #window: Uint8Array = new Uint8Array()
  #ended = false
  #begun = false

  constructor(stream: ReadableStream<Uint8Array>, boundary: string) {
    this.#reader = bytesOf(stream)
    this.#delimiter = new Needle(`\r\n--${boundary}`)
    // The first boundary has no line break before it. With one it looks like the others.
    this.#window = Uint8Array.of(13, 10)
  }

  /** The next part; `undefined` after the closing boundary. The body of the last part must have been read to its end. */
  async nextPart(): Promise<Part | undefined> {
    if (!this.#begun) await this.#skipPreamble()
    while (this.#window.length < this.#delimiter.length + 2)
      if (!(await this.#more())) throw new MultipartError('cut off')
    if (this.#delimiter.indexIn(this.#window) !== 0) throw new MultipartError('no boundary')
    const after = this.#delimiter.length
    if (this.#window[after] === 45 && this.#window[after + 1] === 45) return undefined
    let end = HEAD_END.indexIn(this.#window, after)
    while (end < 0) {
      if (this.#window.length > HEAD_CAP || !(await this.#more())) throw new MultipartError('no headers')
      end = HEAD_END.indexIn(this.#window, after)
    }
    const head = new TextDecoder().decode(this.#window.subarray(after, end))
    this.#window = this.#window.subarray(end + HEAD_END.length)
    return partOf(head)
  }

  /** The bytes of the part as they arrive. */
  async *body(): AsyncGenerator<Uint8Array> {
    let passed = 0
    for (;;) {
      const end = this.#delimiter.indexIn(this.#window)
      if (end >= 0) {
        if (end > 0) yield this.#window.slice(0, end)
        this.#window = this.#window.subarray(end)
        return
      }
      // A boundary may be split between two chunks, so the end is kept back.
      const sure = this.#window.length - this.#delimiter.length
      if (sure > 0) {
        yield this.#window.subarray(0, sure)
        passed += sure
        this.#window = this.#window.subarray(sure)
      }
      if (!(await this.#more(passed < FIRST ? AS_IT_COMES : OF_FILE))) throw new MultipartError('cut off')
    }
  }

  /** A part of at most `cap` characters as text. */
  async text(cap: number): Promise<string> {
    const decoder = new TextDecoder()
    let text = ''
    for await (const piece of this.body()) {
      text += decoder.decode(piece, { stream: true })
      if (text.length > cap) throw new MultipartError('too long')
    }
    return text + decoder.decode()
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel().catch(() => undefined)
  }

  /** Goes to the first boundary. RFC 2046 section 5.1.1 allows text before it, and some libraries send a line break. */
  async #skipPreamble(): Promise<void> {
    let start = this.#delimiter.indexIn(this.#window)
    while (start < 0) {
      if (this.#window.length > HEAD_CAP || !(await this.#more())) throw new MultipartError('no boundary')
      start = this.#delimiter.indexIn(this.#window)
    }
    this.#window = this.#window.subarray(start)
    this.#begun = true
  }

  /** Reads on. False at the end. */
  async #more({ least, most } = AS_IT_COMES): Promise<boolean> {
    if (this.#ended) return false
    const { done, value } = await this.#reader.readAtLeast(least, new Uint8Array(most))
    this.#ended = done
    if (!value?.length) return false
    this.#window = joinBytes([this.#window, value])
    return true
  }
}

/** `head` begins behind the boundary, where spaces may stand (RFC 2046 section 5.1.1). */
function partOf(head: string): Part {
  const [padding = '', ...lines] = head.split('\r\n')
  if (padding.trim() !== '') throw new MultipartError('no boundary')
  const line = lines.find((each) => /^content-disposition\s*:/i.test(each)) ?? ''
  const [, list = ''] = /^content-disposition\s*:\s*form-data\s*(;.*)$/is.exec(line) ?? []
  const [name] = parametersOf(list, 'name')
  const [filename] = parametersOf(list, 'filename')
  if (name === undefined || name === '') throw new MultipartError('no name')
  if (name.length > MAX_NAME || (filename?.length ?? 0) > MAX_NAME) throw new MultipartError('no name')
  return { name, filename }
}
