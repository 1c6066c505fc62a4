/** What the installer writes for an owner to copy, and what it finds in the HTML of a page. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspect } from '../../installer/inspect.ts'
import { allowsCalls, allowsScript, parsePolicy } from '../../installer/policy.ts'
import { moduleText, originOf, tagText } from '../../installer/tag.ts'

const EDGE = 'https://chat.example.com'
const TAG = `<script async src="${EDGE}/widget.js"></script>`
const parsed = (html: string) => new DOMParser().parseFromString(html, 'text/html')
const findings = (html: string, edge: string | undefined = EDGE) =>
  inspect(parsed(html), edge).map(({ level, text }) => `${level}: ${text}`)
const csp = (policy: string, tag = TAG) =>
  `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="${policy}"></head><body>${tag}</body>`

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

  it.each([
    ['chat.example.com', 'https://chat.example.com'],
    [' https://chat.example.com/widget.js ', 'https://chat.example.com'],
    ['http://localhost:8787', 'http://localhost:8787'],
    ['chat', undefined],
    ['', undefined],
    ['javascript:alert(1)', undefined],
    ['two words', undefined],
  ])('takes the address %j as %j', (typed, origin) => {
    expect(originOf(typed)).toBe(origin)
  })
})

describe('"is it on my page?"', () => {
  it('finds the tag', () => {
    expect(findings(`<body>${TAG}</body>`)).toEqual([`good: The tag is there, and loads the widget of ${EDGE}.`])
    expect(findings(`<body>${TAG}</body>`, undefined)).toEqual([
      `good: The tag is there, and loads the widget of ${EDGE}.`,
    ])
  })

  it.each<[what: string, html: string, said: RegExp]>([
    ['no tag', '<p>Shop</p>', /^bad: The tag is not in this HTML\. Paste/],
    ['a tag manager', '<script src="https://www.googletagmanager.com/gtm.js"></script>', /tag manager/],
    [
      'another Worker',
      '<script async src="https://other.example/widget.js"></script>',
      /^warning: .*other\.example, not of/,
    ],
    ['a copy on the own site', '<script async src="/js/widget.js"></script>', /^warning: .*your own site/],
    ['http', '<script async src="http://chat.example.com/widget.js"></script>', /bad: .*write https/],
    ['no async', `<script src="${EDGE}/widget.js"></script>`, /warning: .*async/],
    ['two tags', TAG + TAG, /warning: There are 2 tags/],
    [
      'integrity alone',
      `<script async src="${EDGE}/v/1.0.0/widget.js" integrity="sha384-x"></script>`,
      /bad: .*crossorigin/,
    ],
    [
      'integrity that will not hold',
      `<script async src="${EDGE}/widget.js" integrity="sha384-x" crossorigin></script>`,
      /bad: .*changes with each deploy/,
    ],
    ['a policy without the script', csp("script-src 'self'"), /bad: .*script-src/],
    ['a policy without the calls', csp(`script-src ${EDGE}; connect-src 'self'`), /bad: .*connect-src/],
    ['a policy of nothing', csp("default-src 'none'"), /bad: .*script-src[\s\S]*bad: .*connect-src/],
  ])('says what to do about %s', (_, html, said) => {
    expect(findings(`<body>${html}</body>`).join('\n')).toMatch(said)
  })

  it('warns of a key, wherever it is, and never repeats it', () => {
    const key = 'caty_0123456789abcdef0123'
    for (const html of [
      `<script src="https://cdn.example.com/widget.js" data-api-key="${key}"></script>`,
      `<div data-api-key="${key}"></div>${TAG}`,
      `<script>window.config = {"key": "${key}"}</script>${TAG}`,
    ]) {
      const said = findings(`<body>${html}</body>`).join('\n')
      expect(said).toMatch(/^bad: .*make a new key/)
      expect(said).not.toContain('0123')
    }
  })

  it('is content with a policy that fits', () => {
    expect(findings(csp(`script-src ${EDGE}; connect-src ${EDGE}`)).join('\n')).toMatch(/good: The policy/)
  })

  it('has an answer for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (html) => findings(`${html}${TAG}`).length > 0 || findings(html).length > 0,
      ),
    )
  })
})

describe('a policy', () => {
  it.each([
    ['script-src *', true],
    ['script-src https:', true],
    ['script-src http:', true],
    ['script-src chat.example.com', true],
    ['script-src https://*.example.com', true],
    ['script-src https://chat.example.com:443', false],
    ['script-src https://chat.example.com/widget.js', true],
    ['SCRIPT-SRC HTTPS://CHAT.EXAMPLE.COM', true],
    ['script-src example.com', false],
    ["script-src 'none'", false],
    ["script-src 'self' 'unsafe-inline'", false],
    ["script-src 'nonce-abc'", false],
    ["script-src 'nonce-abc' 'strict-dynamic'", true],
    ["script-src 'strict-dynamic' https://chat.example.com", false],
    ['script-src https://evil.example; script-src https://chat.example.com', false],
    ['img-src x', true],
    ["default-src 'self'; script-src-elem https://chat.example.com", true],
  ])('%s lets the script in: %s', (policy, allowed) => {
    expect(allowsScript(parsePolicy(policy), EDGE, 'abc')).toBe(allowed)
  })

  it('falls back for calls as browsers do', () => {
    expect(allowsCalls(parsePolicy("default-src 'none'"), EDGE)).toBe(false)
    expect(allowsCalls(parsePolicy(`default-src 'none'; connect-src ${EDGE}`), EDGE)).toBe(true)
    expect(allowsCalls(parsePolicy("script-src 'none'"), EDGE)).toBe(true)
  })
})
