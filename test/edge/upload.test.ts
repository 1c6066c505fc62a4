/** A visitor's file: streamed through, typed by its content, counted on its bytes, and off unless the owner wants it. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { fileType, plainName, VISITOR_FILES } from '../../edge/http/file-type.ts'
import { boundaryOf, MultipartReader } from '../../edge/http/multipart.ts'
import { Needle } from '../../edge/http/needle.ts'
import { ask, json, Visitor } from './client.ts'
import { planFaults, received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

const PATH = '/api/widget/upload'
const on = { UPLOADS: 'on' }
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const png = (bytes: number) => {
  const file = new Uint8Array(bytes)
  file.set(PNG)
  return file
}

async function send(form: (handle: string) => FormData, settings: Record<string, string> = on) {
  const visitor = await (await Visitor.create()).login(settings)
  const handle = await visitor.openSession(settings)
  const response = await ask(
    PATH,
    { method: 'POST', headers: await visitor.headers('POST', PATH), body: form(handle) },
    settings,
  )
  return { response, answer: await json(response) }
}
const formOf =
  (file: Uint8Array, name: string, more: Record<string, string> = {}) =>
  (handle: string) => {
    const form = new FormData()
    form.set('session_id', handle)
    for (const [field, value] of Object.entries(more)) form.set(field, value)
    form.set('file', new Blob([Uint8Array.from(file)], { type: 'text/html' }), name)
    return form
  }
const uploads = async () => (await received()).filter(({ path }) => path === PATH)

describe('an upload', () => {
  it('reaches Caty as a form of our own making, with the session that only the edge knows', async () => {
    const { answer } = await send(formOf(png(100), '../evil"name.png', { message: 'look\r\n--x' }))
    expect(answer).toEqual({
      success: true,
      response: 'Thank you, I have received evil_22name.png.',
      message: 'stored',
    })
    const [call] = await uploads()
    expect(call?.body).toMatch(/name="session_id"\r\n\r\nsess_\w+\r\n/)
    expect(call?.body).toContain('name="message"\r\n\r\nlook --x\r\n')
    expect(call?.body).toContain('Content-Type: image/png')
    expect(call?.body).not.toContain('text/html')
  })

  it('is off unless the owner turns it on', async () => {
    const { answer } = await send(formOf(png(100), 'a.png'), {})
    expect([answer.status, answer.detail]).toEqual([403, expect.stringContaining('UPLOADS')])
    expect(await uploads()).toEqual([])
  })

  it.each([
    ['a program with the name of a picture', Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0), 'a.png', 415, 'file'],
    ['HTML with the name of a PDF', new TextEncoder().encode('<script>alert(1)</script>'), 'a.pdf', 415, 'file'],
    ['binary with the name of a text', Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7), 'a.txt', 415, 'file'],
    ['a type that is not taken', png(50), 'a.svg', 415, 'file'],
    ['no extension', png(50), 'png', 415, 'file'],
    ['an empty file', new Uint8Array(), 'a.png', 400, 'file'],
  ])('refuses %s before Caty hears of it', async (_name, file, name, status, field) => {
    const { answer } = await send(formOf(file, name))
    expect([answer.status, answer.field]).toEqual([status, field])
    expect(await uploads()).toEqual([])
  })

  it('takes ten megabytes, and breaks off at the first byte more', async () => {
    const limit = 10 * 1024 * 1024
    const { response } = await send(formOf(png(limit), 'a.png'))
    expect(response.status).toBe(200)
    expect((await uploads())[0]?.bytes).toBeGreaterThan(limit)
    const { answer } = await send(formOf(png(limit + 1), 'a.png'))
    expect(answer.status).toBe(413)
    // A file that was broken off never looks like a whole one to Caty.
    expect(await uploads()).toHaveLength(1)
  })

  it('does not let refused files open the breaker for others', async () => {
    for (let n = 0; n < 11; n++)
      expect((await send(formOf(png(10 * 1024 * 1024 + 1), 'a.png'))).answer.status).toBe(413)
    expect((await send(formOf(png(100), 'a.png'))).response.status).toBe(200)
  }, 60_000)

  it('passes the file on while it still arrives', async () => {
    const visitor = await (await Visitor.create()).login(on)
    const handle = await visitor.openSession(on)
    const piece = new Uint8Array(64 * 1024)
    let given = 0
    let widest = 0
    const head = `--b\r\nContent-Disposition: form-data; name="session_id"\r\n\r\n${handle}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n`
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          given += 1
          if (given === 1) controller.enqueue(new TextEncoder().encode(head))
          else if (given === 2) controller.enqueue(Uint8Array.from(PNG))
          else if (given <= 150) controller.enqueue(piece.slice())
          else {
            controller.enqueue(new TextEncoder().encode('\r\n--b--\r\n'))
            controller.close()
          }
          widest = Math.max(widest, controller.desiredSize ?? 0)
        },
      },
      { highWaterMark: 0 },
    )
    const headers = { ...(await visitor.headers('POST', PATH)), 'Content-Type': 'multipart/form-data; boundary=b' }
    const response = await ask(PATH, { method: 'POST', headers, body }, on)
    expect(response.status).toBe(200)
    expect((await uploads())[0]?.bytes).toBeGreaterThan(148 * piece.length)
  })

  it('tells Caty being down apart from a bad file', async () => {
    await planFaults({ path: PATH, status: 500 })
    expect((await send(formOf(png(100), 'a.png'))).answer.status).toBe(502)
  })
})

describe('the multipart reader', () => {
  const utf8 = new TextEncoder()
  /** The form in chunks of the given sizes. */
  const chunked = (bytes: Uint8Array, sizes: number[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        let at = 0
        for (let n = 0; at < bytes.length; n++) {
          const size = sizes[n % sizes.length] ?? 1
          controller.enqueue(bytes.slice(at, at + size))
          at += size
        }
        controller.close()
      },
    })

  it('gives back every file, however the bytes are cut, and whatever they are', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => utf8.encode(`\r\n--b${text}\r\n--`)),
    )
    await fc.assert(
      fc.asyncProperty(content, sizes, async (file, cuts) => {
        // A body that holds the boundary itself is not a form any more.
        fc.pre(!new TextDecoder('latin1').decode(file).includes('\r\n--bound'))
        const head = utf8.encode('--bound\r\nContent-Disposition: form-data; name="file"; filename="x"\r\nX: y\r\n\r\n')
        const whole = Uint8Array.from([...head, ...file, ...utf8.encode('\r\n--bound--\r\n')])
        const reader = new MultipartReader(chunked(whole, cuts), 'bound')
        expect(await reader.nextPart()).toEqual({ name: 'file', filename: 'x' })
        const got: number[] = []
        for await (const piece of reader.body()) got.push(...piece)
        expect(got).toEqual([...file])
        expect(await reader.nextPart()).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })

  it('passes a large file on in large pieces, although the network brings it in small ones', async () => {
    const head = '--bound\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    const { readable, writable } = new IdentityTransformStream()
    const write = async () => {
      const out = writable.getWriter()
      await out.write(utf8.encode(head))
      for (let n = 0; n < 1024; n++) await out.write(new Uint8Array(4096).fill(n))
      await out.write(utf8.encode('\r\n--bound--\r\n'))
      await out.close()
    }
    // It ends when the reader is cancelled: nobody reads on after the last boundary.
    const written = write().catch(() => undefined)
    const reader = new MultipartReader(readable, 'bound')
    await reader.nextPart()
    const pieces: number[] = []
    for await (const piece of reader.body()) pieces.push(piece.length)
    await reader.cancel()
    await written
    expect(pieces.reduce((sum, length) => sum + length, 0)).toBe(1024 * 4096)
    // Each piece costs more than its bytes do: 4 MB in pieces of 4 KB took three times the CPU.
    expect(pieces.length).toBeLessThan(100)
  })

  it('finds a text where it is, in whatever bytes', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '-', '\r'), maxLength: 60 })
    const text = fc
      .string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 6 })
      .map((end) => `\r${end}`)
    fc.assert(
      fc.property(few, text, fc.nat(70), (bytes, wanted, from) => {
        expect(new Needle(wanted).indexIn(utf8.encode(bytes), from)).toBe(
          from > bytes.length ? -1 : bytes.indexOf(wanted, from),
        )
      }),
      { numRuns: 3000 },
    )
  })

  it('never hangs and never throws anything but its own error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const reader = new MultipartReader(chunked(bytes, [7]), 'b')
        await expect(reader.nextPart()).rejects.toThrow(/cut off|no boundary|no headers|no name/)
      }),
      { numRuns: 500 },
    )
  })

  /** As libraries write it: .NET without quotes, Node's `form-data` with a line break first, curl with backslashes. */
  it.each([
    ['a line break first', '\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n', 'a.png'],
    [
      'a preamble',
      'For old readers.\r\n--b\r\ncontent-disposition:form-data;name="file";filename="a.png"\r\n\r\n',
      'a.png',
    ],
    [
      'names without quotes',
      "--b\r\nContent-Disposition: form-data; name=file; filename=a.png; filename*=utf-8''a.png\r\n\r\n",
      'a.png',
    ],
    [
      'a quote in a name',
      '--b\r\nContent-Disposition: form-data; filename="a\\"b; name=x.png"; name="file"\r\n\r\n',
      'a"b; name=x.png',
    ],
    [
      'spaces behind the boundary',
      '--b \t\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n',
      'a.png',
    ],
  ])('reads %s', async (_name, head, filename) => {
    for (const size of [1, 5, 1000]) {
      const reader = new MultipartReader(chunked(utf8.encode(`${head}bytes\r\n--b--`), [size]), 'b')
      expect(await reader.nextPart()).toEqual({ name: 'file', filename })
      expect(await reader.text(100)).toBe('bytes')
      expect(await reader.nextPart()).toBeUndefined()
    }
  })

  it.each([
    ['a boundary that goes on', '--bb\r\nContent-Disposition: form-data; name="file"\r\n\r\n'],
    ['an endless preamble', 'x'.repeat(5000)],
    ['two lists of parameters', '--b\r\nContent-Disposition: form-data; name="file" filename="x"\r\n\r\n'],
    ['no name', '--b\r\nContent-Disposition: form-data; name=""\r\n\r\n'],
  ])('refuses %s', async (_name, head) => {
    const reader = new MultipartReader(chunked(utf8.encode(`${head}bytes\r\n--b--`), [64]), 'b')
    await expect(reader.nextPart()).rejects.toThrow(/no boundary|no name/)
  })

  it('knows a boundary by its grammar', () => {
    expect(boundaryOf('multipart/form-data; boundary=abc; charset=UTF-8')).toBe('abc')
    expect(boundaryOf('multipart/form-data; charset="utf-8"; Boundary="a b:c" ;')).toBe('a b:c')
    expect(boundaryOf('multipart/form-data; boundary=abc')).toBe('abc')
    expect(boundaryOf('Multipart/Form-Data;boundary="a b:c"')).toBe('a b:c')
    for (const type of [
      'multipart/form-data',
      'multipart/mixed; boundary=a',
      'multipart/form-data; boundary="a "',
      'multipart/form-data; boundary=a; boundary=b',
      'multipart/form-data; boundary=a; charset',
      'multipart/form-data; boundary=a b',
      `multipart/form-data; boundary=${'a'.repeat(71)}`,
    ])
      expect([type, boundaryOf(type)]).toEqual([type, undefined])
  })
})

it('a name and a content must agree', () => {
  expect(fileType(VISITOR_FILES, 'A.PNG', Uint8Array.from(PNG))).toBe('image/png')
  expect(fileType(VISITOR_FILES, 'a.png.exe', Uint8Array.from(PNG))).toBeUndefined()
  expect(fileType(VISITOR_FILES, 'constructor', Uint8Array.from(PNG))).toBeUndefined()
  expect(plainName('C:\\x\\y"\r\n.png')).toBe('y___.png')
})
