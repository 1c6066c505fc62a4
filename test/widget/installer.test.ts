/** What the installer offers, writes for an owner to copy, and says of an address. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reach, readAddress } from '../../installer/address.ts'
import { CHOICES } from '../../installer/choices.ts'
import { managerText, moduleText, tagText } from '../../installer/tag.ts'

const EDGE = 'https://chat.example.com'
const parsed = (html: string) => new DOMParser().parseFromString(html, 'text/html')

describe('the tag to copy', () => {
  it('says what was chosen, and nothing else', () => {
    expect(tagText(EDGE, { position: 'top-left', theme: '', greeting: '' })).toBe(
      `<script async src="${EDGE}/widget.js" data-position="top-left"></script>`,
    )
  })

  it('pins a version with its hash', () => {
    expect(tagText(EDGE, {}, { version: '1.2.3', integrity: 'sha384-abc' })).toBe(
      `<script async src="${EDGE}/v/1.2.3/widget.js" integrity="sha384-abc" crossorigin="anonymous"></script>`,
    )
  })

  it('carries any greeting whole, as a tag and as a module', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (greeting) => {
        const script = parsed(`<body>${tagText(EDGE, { greeting })}</body>`).querySelector('script')
        // The parser itself makes one line feed of every line end (HTML, preprocessing the input stream).
        const normal = greeting.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD')
        expect(script?.dataset.greeting?.replaceAll('\r', '\n').replaceAll('\0', '\uFFFD')).toBe(normal)
        expect(moduleText(EDGE, { greeting })).toContain(JSON.stringify({ edge: EDGE, greeting }, null, 2))
      }),
    )
  })

  it('brings an element for a chat that is part of the page, where it is named by its id', () => {
    const inline = { layout: 'inline', target: '#chat' }
    expect(tagText(EDGE, inline)).toMatch(/^<div id="chat"><\/div>\n<script .*data-layout="inline" data-target="#chat"/)
    expect(tagText(EDGE, { ...inline, target: 'main .help' })).not.toContain('<div')
  })

  it('is a script of ES5 for a tag manager, which no greeting ends early', () => {
    const text = managerText(EDGE, { 'primary-color': '#fff', greeting: '</script><b>"' })
    expect(text.match(/<\/script>/g)).toHaveLength(1)
    expect(text).not.toMatch(/=>|`|const |let /)
    expect(text).toContain(`s.setAttribute('data-greeting', "\\u003c/script>\\u003cb>\\"")`)
  })
})

describe('the choices', () => {
  /** The table of docs/tag.md. */
  const documented = readFileSync('docs/tag.md', 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, attributes = '', values = '', byDefault = ''] = line.split('|')
      return [...attributes.matchAll(/`data-([a-z-]+)`/g)].map(([, name = '']) => ({ name, values, byDefault }))
    })
    // The first table; a later one goes on with the values of one attribute.
    .filter(({ name }, at, rows) => rows.findIndex((row) => row.name === name) === at)

  it('are all that docs/tag.md knows: offer a new attribute in installer/choices.ts', () => {
    // The address of the Worker stands above the form.
    const known = documented.map(({ name }) => name).filter((name) => name !== 'edge')
    expect(known.length).toBeGreaterThan(15)
    expect(CHOICES.map(({ name }) => name).toSorted()).toEqual(known.toSorted())
  })

  it.each(CHOICES.flatMap((choice) => ('options' in choice ? [choice] : [])))(
    'have every value of $name; the default says nothing',
    ({ name, options }) => {
      const { values = '', byDefault = '' } = documented.find((row) => row.name === name) ?? {}
      const listed = [...values.replace(/\([^)]*\)|;.*/g, '').matchAll(/`([a-z-]+)`/g)].map(([, value = '']) => value)
      const offered = options.map(([value]) => value || /^ *`([a-z-]+)`/.exec(byDefault)?.[1]).filter(Boolean)
      expect(offered.toSorted()).toEqual(listed.toSorted())
    },
  )
})

describe('the address of a Worker', () => {
  const HERE = 'https://shop.example.com'

  it.each([
    ['chat.example.com', 'https://chat.example.com'],
    [' https://chat.example.com/ ', 'https://chat.example.com'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['CHAT.example.com:8443', 'https://chat.example.com:8443'],
  ])('takes %j as %j', (typed, origin) => {
    expect(readAddress(typed, HERE).origin).toBe(origin)
  })

  it.each<[typed: string, origin: string | undefined, said: RegExp]>([
    ['https://chat.example.com/widget.js', 'https://chat.example.com', /tag needs https:\/\/chat\.example\.com alone/],
    ['chat.example.com/?x#y', 'https://chat.example.com', /what comes after it is left out/],
    ['http://chat.example.com', 'https://chat.example.com', /nothing by http, so the tag says https/],
    ['https://ada:secret@chat.example.com', 'https://chat.example.com', /name and password .* left out/],
    ['http://127.0.0.1:8787', 'http://127.0.0.1:8787', /Only this computer/],
    ['<script async src="https://chat.example.com/widget.js">', 'https://chat.example.com', /alone/],
    ['https://shop.example.com/', undefined, /shop\.example\.com is the page that you look at/],
    ['api.catyai.io', undefined, /Caty’s own/],
    ['https://dash.cloudflare.com/abc/workers', undefined, /Cloudflare’s dashboard/],
    ['chat', undefined, /“chat” is not a whole address/],
    ['two words', undefined, /“two words” is no web address/],
    ['javascript:alert(1)', undefined, /no web address/],
    ['ftp://chat.example.com', undefined, /no web address/],
    ['ada@example.com', undefined, /e-mail/],
    ['caty_0123456789abcdef', undefined, /This is a key/],
  ])('says of %j what is wrong with it', (typed, origin, said) => {
    const read = readAddress(typed, HERE)
    expect(read.origin).toBe(origin)
    expect(read.said).toMatch(said)
    expect(read.said).not.toMatch(/0123|secret/)
    expect(read.wrong).toBe(origin === undefined || undefined)
  })

  const RELEASE = { version: '1.2.3', files: { 'widget.js': 'sha384-abc' } }
  /** Answers as an edge does that holds these files; `undefined` is what a page may not read. */
  const answering =
    (files: Record<string, unknown>, there = true) =>
    async (url: string | URL | Request, init?: RequestInit) => {
      const body = files[new URL(String(url)).pathname]
      if (body !== undefined) return Response.json(body)
      if (there && init?.mode === 'no-cors') return new Response()
      throw new TypeError('Failed to fetch')
    }

  it.each<[what: string, files: Record<string, unknown>, there: boolean, level: string, text: RegExp]>([
    [
      'is well',
      { '/integrity.json': RELEASE, '/health': { status: 'ok', upstream: 'ok' } },
      true,
      'good',
      /version 1\.2\.3\) and can speak/,
    ],
    [
      'has a dead key',
      { '/integrity.json': RELEASE, '/health': { status: 'degraded', upstream: 'key_refused' } },
      true,
      'bad',
      /refuses its key/,
    ],
    [
      'cannot reach Caty',
      { '/integrity.json': RELEASE, '/health': { status: 'degraded', upstream: 'failing' } },
      true,
      'warning',
      /cannot reach Caty/,
    ],
    [
      'is in maintenance',
      { '/integrity.json': RELEASE, '/health': { status: 'maintenance' } },
      true,
      'warning',
      /MAINTENANCE/,
    ],
    [
      'is not set up',
      { '/integrity.json': RELEASE, '/health': { detail: 'TOKEN_SECRETS is missing.' } },
      true,
      'bad',
      /says: TOKEN_SECRETS is missing/,
    ],
    [
      'does not let this page read its state',
      { '/integrity.json': RELEASE },
      true,
      'good',
      /chat\.example\.com\/health tells/,
    ],
    ['is another server', {}, true, 'bad', /no Worker of Caty Keyless/],
    [
      'is another server that answers everything',
      { '/integrity.json': { a: 1 }, '/health': 'ok' },
      true,
      'bad',
      /no Worker/,
    ],
    ['is not there', {}, false, 'bad', /Nothing answers at https:\/\/chat\.example\.com/],
  ])('is asked, and %s', async (_, files, there, level, text) => {
    const reached = await reach(EDGE, answering(files, there))
    expect([reached.level, reached.text]).toEqual([level, expect.stringMatching(text)])
    expect(reached.pin !== undefined).toBe(files['/integrity.json'] === RELEASE)
  })
})
