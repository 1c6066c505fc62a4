/** Documents for the assistant: streamed through, typed by name and content, counted on their bytes. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openForm } from '../../edge/http/file-relay.ts'
import { KNOWLEDGE_FILES } from '../../edge/http/file-type.ts'
import { json } from './client.ts'
import { askAdmin, newUser, resetAuth, unlimited } from './dashboard.ts'
import { received, resetSandbox } from './sandbox.ts'

const PATH = '/api/admin/knowledge/upload'
const CAP = 10 * 1024 * 1024
const utf8 = new TextEncoder()
let token = ''
beforeAll(async () => {
  await resetAuth()
  token = await newUser()
})
beforeEach(resetSandbox)

const post = async (body: BodyInit, headers: Record<string, string> = {}) =>
  json(await askAdmin(PATH, token, { method: 'POST', body, headers }, unlimited))
/** Parts in their order; a file is bytes and a name. */
function form(...parts: [name: string, value: string | Uint8Array, filename?: string][]): FormData {
  const data = new FormData()
  for (const [name, value, filename] of parts) {
    if (typeof value === 'string') data.append(name, value)
    else data.append(name, new Blob([Uint8Array.from(value)], { type: 'text/html' }), filename ?? 'a.txt')
  }
  return data
}
const pdf = (bytes: number): Uint8Array<ArrayBuffer> => {
  const file = new Uint8Array(bytes).fill(32)
  file.set(utf8.encode('%PDF-1.7\n'))
  return file
}
const uploads = async () => (await received()).filter(({ path }) => path === PATH)
const widget = ['widget_id', 'wgt_demo'] as const

describe('a document', () => {
  it.each([
    ['before the file', form([...widget], ['category', 'Care'], ['file', pdf(100), 'glazes.pdf'])],
    [
      'after the file, as many pages put them',
      form(['file', pdf(100), 'glazes.pdf'], [...widget], ['category', 'Care']),
    ],
    ['on either side of it', form(['category', 'Care'], ['file', pdf(100), 'glazes.pdf'], [...widget])],
  ])('is taught, its fields %s', async (_name, data) => {
    const { success, document } = await post(data)
    expect([success, document]).toEqual([
      true,
      expect.objectContaining({ name: 'glazes.pdf', category: 'Care', size: 100, type: 'application/pdf' }),
    ])
    const [call] = await uploads()
    expect(call?.headers.authorization).toBe(`Bearer ${token}`)
    expect(call?.headers).not.toHaveProperty('x-api-key')
    expect(call?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=caty-keyless-/)
    expect(call?.body).not.toContain('text/html')
  })

  it.each([
    ['a.txt', utf8.encode('Glazes are glass.'), 'text/plain'],
    ['a.md', utf8.encode('# Glazes'), 'text/markdown'],
    ['A.MD', utf8.encode('# Größe'), 'text/markdown'],
    [
      'a.docx',
      Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
  ])('%s passes as what it is', async (name, bytes, type) => {
    expect((await post(form([...widget], ['file', bytes, name]))).document).toMatchObject({ name, type })
  })

  it.each<[string, FormData, number, string]>([
    [
      'a program named as a text',
      form([...widget], ['file', Uint8Array.of(0x4d, 0x5a, 0x90, 0, 3), 'a.txt']),
      415,
      'file',
    ],
    ['HTML named as a PDF', form([...widget], ['file', utf8.encode('<script>'), 'a.pdf']), 415, 'file'],
    ['a text named as a document', form([...widget], ['file', utf8.encode('hello'), 'a.docx']), 415, 'file'],
    ['a picture', form([...widget], ['file', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'a.png']), 415, 'file'],
    ['an older Word file', form([...widget], ['file', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'a.doc']), 415, 'file'],
    ['an empty file', form([...widget], ['file', new Uint8Array(), 'a.txt']), 400, 'file'],
    ['no file', form([...widget]), 400, 'file'],
    ['a widget that is no id', form(['widget_id', '../x'], ['file', pdf(50), 'a.pdf']), 400, 'widget_id'],
    [
      'a category that is too long',
      form([...widget], ['category', 'x'.repeat(101)], ['file', pdf(50), 'a.pdf']),
      400,
      'category',
    ],
    ['another field', form([...widget], ['admin', '1'], ['file', pdf(50), 'a.pdf']), 400, 'admin'],
    ['a field twice', form([...widget], [...widget], ['file', pdf(50), 'a.pdf']), 400, 'widget_id'],
  ])('refuses %s before Caty hears of it', async (_name, data, status, field) => {
    const answer = await post(data)
    expect([answer.status, answer.field]).toEqual([status, field])
    expect(await uploads()).toEqual([])
  })

  it.each<[string, FormData, string]>([
    ['no widget', form(['file', pdf(50), 'a.pdf']), 'widget_id'],
    ['a widget after the file that is no id', form(['file', pdf(50), 'a.pdf'], ['widget_id', '../x']), 'widget_id'],
    ['another field after the file', form([...widget], ['file', pdf(50), 'a.pdf'], ['admin', '1']), 'admin'],
    ['a field on both sides', form([...widget], ['file', pdf(50), 'a.pdf'], [...widget]), 'widget_id'],
    ['a second file', form([...widget], ['file', pdf(50), 'a.pdf'], ['file', pdf(50), 'b.pdf']), 'file'],
  ])('refuses %s, and Caty never gets a whole form', async (_name, data, field) => {
    const answer = await post(data)
    expect([answer.status, answer.field]).toEqual([400, field])
    expect(await uploads()).toEqual([])
  })

  it('is no JSON, and no form without a boundary', async () => {
    expect((await post('{}', { 'Content-Type': 'application/json' })).status).toBe(415)
    expect((await post('--x--', { 'Content-Type': 'multipart/form-data' })).status).toBe(415)
  })

  it('may hold ten megabytes, and not one byte more', async () => {
    expect((await post(form([...widget], ['file', pdf(CAP), 'a.pdf']))).document.size).toBe(CAP)
    expect((await post(form([...widget], ['file', pdf(CAP + 1), 'a.pdf']))).status).toBe(413)
    expect(await uploads()).toHaveLength(1)
  })
})

/**
 * The relay alone, with both ends in the test's hand: what came in and has not gone out yet is what it holds.
 */
it('ten megabytes pass while at most a few pieces are held', async () => {
  const piece = pdf(64 * 1024)
  let given = 0
  const head = utf8.encode('--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n')
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const next = given === 0 ? head : given < CAP ? piece.slice() : utf8.encode('\r\n--b--\r\n')
        controller.enqueue(next)
        if (given >= CAP) controller.close()
        given += next.length
      },
    },
    { highWaterMark: 0 },
  )
  const request = new Request('https://chat.example/', {
    method: 'POST',
    headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
    body: source,
  })
  const opened = await openForm(request, { allowed: KNOWLEDGE_FILES, cap: CAP + piece.length, fields: [] })
  const reader = opened.relay({}).stream.getReader()
  let taken = 0
  let most = 0
  for (;;) {
    // A reader that is slower than the source: whatever the relay likes to fetch ahead, it may.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    most = Math.max(most, given - taken)
    const { done, value } = await reader.read()
    if (done) break
    taken += value.length
  }
  expect(taken).toBeGreaterThan(CAP)
  expect(most).toBeLessThan(4 * piece.length)
})
