/** What the installer finds in the HTML of a page, and in what a CMS or a tag manager makes of a tag. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inspect } from '../../installer/inspect.ts'
import { allowsCalls, allowsScript, parsePolicy } from '../../installer/policy.ts'
import { managerText } from '../../installer/tag.ts'

const EDGE = 'https://chat.example.com'
const TAG = `<script async src="${EDGE}/widget.js"></script>`
const findings = (html: string, edge: string | undefined = EDGE) =>
  inspect(html, edge).map(({ level, text }) => `${level}: ${text}`)
const csp = (policy: string, tag = TAG) =>
  `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="${policy}"></head><body>${tag}</body>`

describe('"is it on my page?"', () => {
  it('finds the tag', () => {
    expect(findings(`<body>${TAG}</body>`)).toEqual([`good: The tag is there, and loads the widget of ${EDGE}.`])
    expect(findings(`<body>${TAG}</body>`, undefined)).toEqual([
      `good: The tag is there, and loads the widget of ${EDGE}.`,
    ])
  })

  it.each<[what: string, html: string, said: RegExp]>([
    ['no tag', '<p>Shop</p>', /^bad: The tag is not in this HTML\. Paste/],
    [
      'a tag manager',
      '<script src="https://www.googletagmanager.com/gtm.js"></script>',
      /Google Tag Manager is; if it adds/,
    ],
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

  const OLD = '<script src="https://cdn.example.com/widget.js" data-api-key="caty_0123456789abcdef0123"></script>'
  const entities = (html: string) => html.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  const unicode = (html: string) => JSON.stringify(html).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')
  const GTM = '<script async src="https://www.googletagmanager.com/gtm.js?id=GTM-X"></script>'

  it.each<[what: string, html: string, said: RegExp]>([
    ['escaped text', `<p>${entities(OLD)}</p>`, /as escaped text/],
    ['a CMS that escapes twice', `<p>${entities(entities(OLD))}</p>`, /as escaped text/],
    ['a snippet alone', entities(OLD), /as escaped text/],
    [
      'JSON in a script',
      `<script type="application/json">{"footer":${unicode(OLD)}}</script>`,
      /inside a script of the page/,
    ],
    ['JSON in JSON', `<script>var d = ${JSON.stringify(unicode(OLD))}</script>`, /inside a script of the page/],
    [
      'the attribute of a page builder',
      `<div data-settings="${entities(unicode(OLD))}"></div>`,
      /value of an attribute/,
    ],
    [
      'hexadecimal escapes',
      `<script>document.write('${OLD.replaceAll('<', '\\x3C').replaceAll('/', '\\/')}')</script>`,
      /inside a script/,
    ],
    ['per cent', `<script>document.write(unescape("${encodeURIComponent(OLD)}"))</script>`, /inside a script/],
    [
      'words in two',
      `<script>document.write('<scr' + 'ipt src="https://cdn.example.com/widget.js" data-api-key="caty_0123456789abcdef0123"></scr' + 'ipt>')</script>`,
      /inside a script/,
    ],
    ['a comment', `<!-- ${OLD} -->`, /as a comment/],
    [
      'a container of Tag Manager',
      `${GTM}<script>{"function":"__html","vtp_html":${unicode(OLD)}}</script>`,
      /inside Google Tag Manager/,
    ],
    [
      'an export of Tag Manager',
      `{"exportFormatVersion":2,"containerVersion":{"tag":[{"parameter":[{"key":"html","value":${unicode(OLD)}}]}]}}`,
      /vendor’s tag/,
    ],
    [
      'a script that makes it',
      `<script>var s=document.createElement('script');s.src='https://cdn.example.com/widget.js';s.dataset.apiKey='caty_0123456789abcdef0123'</script>`,
      /inside a script/,
    ],
    ['a function of WordPress', `<?php add_action('wp_footer', function () { echo '${OLD}'; });`, /inside WordPress/],
    ['a block of WordPress', `<!-- wp:html -->${OLD}<!-- /wp:html -->`, /data-api-key is still in the page/],
  ])('knows an old tag in %s', (_, html, said) => {
    const [first, ...more] = findings(html)
    expect(first).toMatch(/^bad: .*make a new key/)
    expect(first).toMatch(said)
    expect([first, ...more].join()).not.toContain('0123')
  })

  it.each<[what: string, html: string, said: RegExp]>([
    ['as text', `<p>${entities(TAG)}</p>`, /^bad: .*as text: .*code view/],
    ['in a comment', `<!-- ${TAG} -->`, /^bad: .*inside a comment/],
    [
      'in Tag Manager',
      `${GTM}<script>{"vtp_html":${unicode(TAG)}}</script>`,
      /^warning: Google Tag Manager holds the tag, and loads the widget of https:\/\/chat\.example\.com/,
    ],
    ['as the installer writes it for Tag Manager', managerText(EDGE, {}), /^warning: .* holds the tag/],
    [
      'of another Worker in a script',
      `<script>s.src="https://other.example/widget.js"</script>`,
      /other\.example\. That is not https:\/\/chat/,
    ],
  ])('says where the tag is when it is %s', (_, html, said) => {
    expect(findings(html).join('\n')).toMatch(said)
  })

  it('is not misled by what only looks like a tag', () => {
    expect(findings('<p>widget.js and data-api-key are two words</p>')).toEqual([
      expect.stringMatching(/not in this HTML/),
    ])
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
