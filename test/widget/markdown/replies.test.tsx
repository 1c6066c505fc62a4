/** What assistants write, and what visitors see of it. */
import { describe, expect, it } from 'vitest'
import { isPlain, plain } from '../../../widget/chunks/text/plain.tsx'
import { ALLOWED_HOST, draw, drawWithPictures, place } from './draw.tsx'

/** Without the directions, which have tests of their own. */
const html = (text: string) => draw(text).innerHTML.replaceAll(' dir="auto"', '')
const links = (text: string) =>
  [...draw(text).querySelectorAll('a')].map((link) => [link.getAttribute('href'), link.textContent])

describe('a reply', () => {
  it.each([
    ['plain\ntwo lines', '<p>plain<br>two lines</p>'],
    ['one\n\ntwo', '<p>one</p><p>two</p>'],
    ['**bold** and *italic* and `code`', '<p><strong>bold</strong> and <em>italic</em> and <code>code</code></p>'],
    ['***both*** and __bold__', '<p><em><strong>both</strong></em> and <strong>bold</strong></p>'],
    ['Now ~~€30~~ €20', '<p>Now <del>€30</del> €20</p>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['• a\n• b', '<ul><li>a</li><li>b</li></ul>'],
    ['- clay\n\n- water', '<ul><li><p>clay</p></li><li><p>water</p></li></ul>'],
    ['1. a\n2. b\n- c', '<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>'],
    ['text\n- a', '<p>text</p><ul><li>a</li></ul>'],
    ['- a\n  - b\n    1. c\n- d', '<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>'],
    ['1. a\n   - b\n   - c\n2. d', '<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>'],
    ['- [ ] wash\n- [x] dry', '<ul><li class="task">☐ wash</li><li class="task">☑ dry</li></ul>'],
    ['# Title\ntext', '<p class="heading">Title</p><p>text</p>'],
    ['> said\n\nand on', '<blockquote><p>said</p></blockquote><p>and on</p>'],
    ['One\n\n---\n\nTwo', '<p>One</p><hr><p>Two</p>'],
    ['It costs \\$5, file\\_name, 2\\*3', '<p>It costs $5, file_name, 2*3</p>'],
    ['2 * 3 * 4 and snake_case_name', '<p>2 * 3 * 4 and snake_case_name</p>'],
    ['Salt &amp; pepper, 5&nbsp;&euro;, &#8364;, M&uuml;ller', '<p>Salt &amp; pepper, 5&nbsp;€, €, Müller</p>'],
    ['`&amp;` and &unknown;', '<p><code>&amp;amp;</code> and &amp;unknown;</p>'],
    ['a<br>b<br/>c', '<p>a<br>b<br>c</p>'],
    ['<b>**x**</b> <!-- y -->', '<p>&lt;b&gt;<strong>x</strong>&lt;/b&gt; &lt;!-- y --&gt;</p>'],
    ['<div>\n**x**\n</div>', '<p>&lt;div&gt;<br><strong>x</strong><br>&lt;/div&gt;</p>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it.each([
    ['これは**「東京」**です', '<p>これは<strong>「東京」</strong>です</p>'],
    ['**重要：**必ず読む', '<p><strong>重要：</strong>必ず読む</p>'],
    ['请点击**“确定”**按钮', '<p>请点击<strong>“确定”</strong>按钮</p>'],
  ])('has emphasis without spaces around it: %j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it('joins no heading to the outline of the page', () => {
    for (const text of ['# a', '## a', 'a\n===', '> # a', '- # a'])
      expect(draw(text).querySelector('h1,h2,h3,h4,h5,h6')).toBeNull()
  })
})

describe('the numbers of a list', () => {
  it.each([
    ['1. First\n\n2. Second\n\n3. Third', '<ol><li><p>First</p></li><li><p>Second</p></li><li><p>Third</p></li></ol>'],
    ['1. a\n\ntext\n\n2. b', '<ol><li>a</li></ol><p>text</p><ol start="2"><li>b</li></ol>'],
    ['3. c\n4. d', '<ol start="3"><li>c</li><li>d</li></ol>'],
    ['24. Dezember\n31. Dezember', '<ol start="24"><li>Dezember</li><li value="31">Dezember</li></ol>'],
    ['1. a\n1. b\n1. c', '<ol><li>a</li><li>b</li><li>c</li></ol>'],
    ['2026. gads', '<ol start="2026" class="wide"><li>gads</li></ol>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it('a date at the beginning of a line within a text stays text', () => {
    expect(html('Geschlossen am\n24. Dezember und\n31. Dezember.')).toBe(
      '<p>Geschlossen am<br>24. Dezember und<br>31. Dezember.</p>',
    )
  })
})

describe('code', () => {
  it.each([
    ['```js\nconst a = "<b>"\n```', 'const a = "<b>"', ''],
    ['```js\na()\n``` \nAfter', 'a()', 'After'],
    ['1. Run:\n   ```sh\n   npm i\n   ```\n2. Done', 'npm i', 'Run:Done'],
    ['````\n```\nx\n```\n````', '```\nx\n```', ''],
    ['```\nhalf a reply', 'half a reply', ''],
  ])('stays as it is: %j', (text, code, around) => {
    const inside = draw(text)
    const block = inside.querySelector('pre')
    expect(block?.textContent).toBe(code)
    expect([block?.tabIndex, block?.dir]).toEqual([0, 'ltr'])
    block?.remove()
    expect(inside.textContent).toBe(around)
  })
})

describe('tables', () => {
  it('have a head and scroll in a region of their own', () => {
    const inside = draw('| a | b |\n|---|---|\n| 1 | **2** |\n\nafter')
    const region = inside.querySelector<HTMLElement>('[role=region]')
    expect([region?.tabIndex, region?.getAttribute('aria-label')]).toEqual([0, 'a, b'])
    expect([...inside.querySelectorAll('th[scope=col]')].map((cell) => cell.textContent)).toEqual(['a', 'b'])
    expect(inside.querySelector('td strong')?.textContent).toBe('2')
    expect(inside.querySelector('p')?.textContent).toBe('after')
  })

  it.each([
    ['a | b\n--- | ---\n1 | 2', ['1', '2']],
    ['| a | b |\n|---|---|\n| x\\|y | z |', ['x|y', 'z']],
  ])('%j', (text, cells) => {
    expect([...draw(text).querySelectorAll('td')].map((cell) => cell.textContent)).toEqual(cells)
  })

  it('have line breaks in cells', () => {
    expect(draw('| a |\n|---|\n| x<br>y |').querySelector('td')?.innerHTML).toBe('x<br>y')
  })

  it('are none without a rule under the head', () => {
    expect(draw('| no | table |').querySelector('table')).toBeNull()
  })
})

describe('addresses', () => {
  it('become links, and other sites open in a new tab', () => {
    const found = [...draw('[shop](https://other.example/a) https://b.example/x. me@c.example').querySelectorAll('a')]
    expect(found.map((link) => [link.getAttribute('href'), link.textContent, link.rel])).toEqual([
      ['https://other.example/a', 'shop', 'noopener noreferrer'],
      ['https://b.example/x', 'https://b.example/x', 'noopener noreferrer'],
      ['mailto:me@c.example', 'me@c.example', ''],
    ])
  })

  it.each([
    ['[a](https://a.example "The title")', 'https://a.example/', 'a'],
    ['<https://a.example/b>', 'https://a.example/b', 'https://a.example/b'],
    ['[Rust](https://en.wikipedia.org/wiki/Rust_(language))', 'https://en.wikipedia.org/wiki/Rust_(language)', 'Rust'],
    ['https://en.wikipedia.org/wiki/Rust_(language)', 'https://en.wikipedia.org/wiki/Rust_(language)', undefined],
    ['(see https://a.example/b_(c))', 'https://a.example/b_(c)', undefined],
    ['(https://a.example)', 'https://a.example', undefined],
    ['"https://a.example/x"', 'https://a.example/x', undefined],
    ['https://a.example/x…', 'https://a.example/x', undefined],
    ['详见https://a.example/guide。谢谢', 'https://a.example/guide', undefined],
    ['（https://a.example/guide）', 'https://a.example/guide', undefined],
    ['「https://a.example/guide」、', 'https://a.example/guide', undefined],
    ['https://a.example/guide，然后', 'https://a.example/guide', undefined],
    ['https://a.example/guideをご覧ください', 'https://a.example/guide', undefined],
    ['https://a.example/guide를 보세요', 'https://a.example/guide', undefined],
    ['https://a.example/guide، ثم', 'https://a.example/guide', undefined],
    ['https://a.example/guide। फिर', 'https://a.example/guide', undefined],
    ['https://ja.wikipedia.org/wiki/東京', 'https://ja.wikipedia.org/wiki/東京', undefined],
    ['https://ru.wikipedia.org/wiki/Москва.', 'https://ru.wikipedia.org/wiki/Москва', undefined],
  ])('%j leads to %s', (text, href, label) => {
    expect(links(text)).toEqual([[new URL(href).href, label ?? href]])
    // What is drawn without the chunk ends at the same place.
    if (isPlain(text)) expect(place(plain(text)).innerHTML).toBe(draw(text).innerHTML)
  })

  it.each(['[x](javascript:alert(1))', '<javascript:alert(1)>', '[x](data:text/html,x)', '[x](file:///etc/passwd)'])(
    'of other kinds are no links: %s',
    (text) => {
      expect(links(text)).toEqual([])
    },
  )
})

describe('pictures', () => {
  const PICTURE = `![A mug](https://${ALLOWED_HOST}/mug.png "Blue")`

  it('are links to them where their host is not allowed', () => {
    expect(links(PICTURE)).toEqual([['https://cdn.shop.example/mug.png', 'A mug']])
    expect(drawWithPictures('![x](https://shop.example/x.png)').querySelector('img')).toBeNull()
  })

  it('are drawn where the owner allows their host', () => {
    const picture = drawWithPictures(PICTURE).querySelector('img')
    expect([picture?.src, picture?.alt, picture?.title]).toEqual(['https://cdn.shop.example/mug.png', 'A mug', 'Blue'])
    expect(picture?.getAttribute('referrerpolicy')).toBe('no-referrer')
  })

  it('of an allowed host are loaded over TLS alone', () => {
    expect(drawWithPictures(`![x](http://${ALLOWED_HOST}/x.png)`).querySelector('img')).toBeNull()
  })
})

describe('phone numbers', () => {
  it.each([
    ['Call +353 1 555 0142.', 'tel:+35315550142', '+353 1 555 0142'],
    ['Call +49 (0)171 5550100 today', 'tel:+491715550100', '+49 (0)171 5550100'],
    ['or 0171 555 01 00, please', 'tel:01715550100', '0171 555 01 00'],
    ['- by phone: +1-555-010-4200', 'tel:+15550104200', '+1-555-010-4200'],
    ['**Call** +40 21 555 0142', 'tel:+40215550142', '+40 21 555 0142'],
  ])('can be called: %j', (text, href, label) => {
    expect(links(text)).toEqual([[href, label]])
    if (isPlain(text)) expect(place(plain(text)).innerHTML).toBe(draw(text).innerHTML)
  })

  it.each([
    'On 01.02.2026 at 09:00',
    'On 01.02.2026 1200 people came',
    '2026-11-25',
    'from 10:00 to 18:00',
    'order 00012345',
    'TT-1042',
    '€1.000.000,00',
    '+5 and +10',
    '1,234,567,890',
    '`+353 1 555 0142`',
    '192.168.001.001',
  ])('%j is none', (text) => {
    expect(draw(text).querySelector('a')).toBeNull()
  })
})

describe('direction', () => {
  it.each([
    ['שלום\n\nHello', ['p', 'p']],
    ['# שלום', ['p']],
    ['- שלום\n- Hello', ['ul']],
    ['1. שלום', ['ol']],
    ['> שלום', ['blockquote']],
    ['| שלום |\n|---|\n| Hello |', ['th', 'td']],
  ])('of each block is its own: %j', (text, elements) => {
    const own = [...draw(text).querySelectorAll('[dir=auto]')]
    expect(own.map((element) => element.tagName.toLowerCase())).toEqual(elements)
  })

  it('of the columns of a table is that of its head', () => {
    const of = (text: string) => draw(text).querySelector('table')?.dir
    expect([of('| الاسم | 1 |\n|---|---|'), of('| Name | 1 |\n|---|---|'), of('| 1 | 2 |\n|---|---|')]).toEqual([
      'rtl',
      'ltr',
      'ltr',
    ])
  })

  it('of addresses and phone numbers is left to right, within any text', () => {
    const text = 'اتصل +353 1 555 0142 أو https://a.example/b?c أو me@a.example'
    expect([...draw(text).querySelectorAll('a')].map(({ dir }) => dir)).toEqual(['ltr', 'ltr', 'ltr'])
  })
})

describe('plain text', () => {
  it.each([
    'The Harbour mug is €24.',
    'Yes.\n\nWe are open from 9:00 to 17:00, see https://shop.example/a_b?c=d#e.',
    'Write to me@shop.example - or come by!',
    'Geschlossen am 24. Dezember',
    'Call +353 1 555 0142 or 0171 555 01 00.',
  ])('needs no chunk: %j', (text) => {
    expect(isPlain(text)).toBe(true)
  })

  it.each([
    ...[
      '**a**',
      '_a_',
      '`a`',
      '~~a~~',
      '# a',
      '> a',
      '- a',
      '* a',
      '• a',
      '1. a',
      '24. a',
      'a\n---',
      '---',
      '===',
      '| a |',
      '[a](b)',
      '![a](b)',
    ],
    ...['<br>', '&amp;', '&#39;', '\\$', '    a', '\ta', 'text\n- a'],
  ])('is not %j', (text) => {
    expect(isPlain(text)).toBe(false)
  })
})
