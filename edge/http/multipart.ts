/**
 * Reads multipart/form-data (RFC 7578) as it arrives, with a few kilobytes in memory. The platform's own `formData()` would
 * hold the whole file.
 */
import { joinBytes } from '../base/bytes.ts'

export type Part = { name: string; filename: string | undefined }

/** Bytes that the headers of a part may take, and what stands before the first boundary. */
const HEAD_CAP = 4096
/** Letters of the name of a field or a file. */
const MAX_NAME = 300
const CRLF2 = [13, 10, 13, 10]

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

export class MultipartReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #delimiter: Uint8Array
  /** Bytes that were read but not returned yet. */
  #window: Uint8Array = new Uint8Array()
  #ended = false
  #begun = false

  constructor(stream: ReadableStream<Uint8Array>, boundary: string) {
    this.#reader = stream.getReader()
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
    // The first boundary has no line break before it. With one it looks like the others.
    this.#window = Uint8Array.of(13, 10)
  }

  /** The next part; `undefined` after the closing boundary. The body of the last part must have been read to its end. */
  async nextPart(): Promise<Part | undefined> {
    if (!this.#begun) await this.#skipPreamble()
    while (this.#window.length < this.#delimiter.length + 2)
      if (!(await this.#more())) throw new MultipartError('cut off')
    if (indexOf(this.#window, this.#delimiter) !== 0) throw new MultipartError('no boundary')
    const after = this.#delimiter.length
    if (this.#window[after] === 45 && this.#window[after + 1] === 45) return undefined
    let end = indexOf(this.#window, CRLF2, after)
    while (end < 0) {
      if (this.#window.length > HEAD_CAP || !(await this.#more())) throw new MultipartError('no headers')
      end = indexOf(this.#window, CRLF2, after)
    }
    const head = new TextDecoder().decode(this.#window.subarray(after, end))
    this.#window = this.#window.subarray(end + CRLF2.length)
    return partOf(head)
  }

  /** The bytes of the part as they arrive. */
  async *body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const end = indexOf(this.#window, this.#delimiter)
      if (end >= 0) {
        if (end > 0) yield this.#window.slice(0, end)
        this.#window = this.#window.subarray(end)
        return
      }
      // A boundary may be split between two chunks, so the end is kept back.
      const sure = this.#window.length - this.#delimiter.length
      if (sure > 0) {
        yield this.#window.slice(0, sure)
        this.#window = this.#window.subarray(sure)
      }
      if (!(await this.#more())) throw new MultipartError('cut off')
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
    let start = indexOf(this.#window, this.#delimiter)
    while (start < 0) {
      if (this.#window.length > HEAD_CAP || !(await this.#more())) throw new MultipartError('no boundary')
      start = indexOf(this.#window, this.#delimiter)
    }
    this.#window = this.#window.subarray(start)
    this.#begun = true
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false
    const { done, value } = await this.#reader.read()
    if (done) {
      this.#ended = true
      return false
    }
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

function indexOf(bytes: Uint8Array, wanted: ArrayLike<number>, from = 0): number {
  const first = wanted[0] ?? 0
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1
    while (same < wanted.length && bytes[at + same] === wanted[same]) same += 1
    if (same === wanted.length) return at
  }
  return -1
}
