/** No half of a surrogate pair and no U+0000 reaches Caty, wherever the text comes from. */
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { cut, wellFormed, wellFormedJson } from '../../edge/base/well-formed.ts'
import { plainName } from '../../edge/http/file-type.ts'
import { ask, json, Visitor } from './client.ts'
import { received, resetSandbox } from './sandbox.ts'

beforeEach(resetSandbox)

/** Any UTF-16, with many halves of pairs, NULs and what looks like an escape. */
const anyText = fc
  .array(fc.constantFrom('a', '\ud83d', '\ude00', '\u0000', '\\', 'u', 'ud83d', '"', 'é', '\n', '\u2028'))
  .map((parts) => parts.join(''))
const isFine = (text: string) => text.isWellFormed() && !text.includes('\0')

describe('a text', () => {
  it('keeps its length and everything that is a character', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const fine = wellFormed(text)
        expect([isFine(fine), fine.length]).toEqual([true, text.length])
        if (isFine(text)) expect(fine).toBe(text)
      }),
    )
  })

  it('is cut between characters', () => {
    fc.assert(
      fc.property(anyText, fc.nat(20), (text, max) => {
        const short = cut(text, max)
        expect(isFine(short) && short.length <= max).toBe(true)
        if (isFine(text))
          expect([text.startsWith(short), text.length - short.length <= Math.max(text.length - max, 0) + 1]).toEqual([
            true,
            true,
          ])
      }),
    )
    expect([cut('ab😀', 3), cut('ab😀', 4)]).toEqual(['ab', 'ab😀'])
  })

  it('in JSON, as a value or as a name, is what it would be alone', () => {
    fc.assert(
      fc.property(anyText, anyText, (name, value) => {
        const sent = wellFormedJson(JSON.stringify([[name, value], { [name]: value }]))
        expect(JSON.parse(sent)).toEqual([
          [wellFormed(name), wellFormed(value)],
          { [wellFormed(name)]: wellFormed(value) },
        ])
      }),
      { numRuns: 1000 },
    )
  })

  it('is well-formed as the name of a file', () => {
    fc.assert(fc.property(anyText, (text) => isFine(plainName(`😀${text}${'x'.repeat(60)}😀`))))
    expect(plainName(`😀${'x'.repeat(98)}y`)).toBe(`_${'x'.repeat(98)}y`)
  })
})

describe('what Caty gets', () => {
  const HALF = 'half \ud83d'
  const bad = [/\\u0000/i, /\\ud[89a-f]/i]

  it.each([
    [
      '/api/widget/message',
      {
        message: `${HALF} and \u0000`,
        context: { page_title: HALF, page_url: 'https://shop.example/?utm_source=a%00b' },
      },
    ],
    ['/api/widget/lead', { name: HALF, email: 'ann@shop.example', custom_fields: { [HALF]: '\u0000' } }],
    ['/api/widget/track', { events: [{ type: HALF, data: { [HALF]: HALF } }] }],
    ['/api/widget/handoff/request', { reason: `\u0000${HALF}` }],
  ])('by %s', async (path, body) => {
    const visitor = await (await Visitor.create()).login()
    const session_id = await visitor.openSession()
    const answer = await visitor.post(path, { session_id, ...body })
    expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)])
    const sent = (await received()).map((call) => call.body).join('\n')
    expect(sent).toContain('half \ufffd')
    for (const pattern of bad) expect(sent).not.toMatch(pattern)
  })

  it('with a session of a long campaign', async () => {
    const visitor = await (await Visitor.create()).login()
    const url = `https://shop.example/?utm_campaign=${'x'.repeat(199)}${encodeURIComponent('😀')}&utm_term=a%00b`
    expect((await visitor.post('/api/widget/session', { page: { url } })).status).toBe(200)
    const [sent] = (await received()).filter((call) => call.path.endsWith('/session'))
    for (const pattern of bad) expect(sent?.body).not.toMatch(pattern)
    expect(sent?.body).toContain(`"${'x'.repeat(199)}"`)
  })

  it('in the fields of a form', async () => {
    const settings = { UPLOADS: 'on' }
    const visitor = await (await Visitor.create()).login(settings)
    const form = new FormData()
    form.set('session_id', await visitor.openSession(settings))
    form.set('message', 'a\u0000b')
    form.set('file', new Blob(['plain text']), 'a\u0000.txt')
    const path = '/api/widget/upload'
    const response = await ask(
      path,
      { method: 'POST', headers: await visitor.headers('POST', path), body: form },
      settings,
    )
    expect(await json(response)).toMatchObject({ success: true })
    const [sent] = (await received()).filter((call) => call.path === path)
    expect(sent?.body).toContain('a\u00ef\u00bf\u00bdb')
    expect(sent?.body).not.toContain('\0')
  })
})
