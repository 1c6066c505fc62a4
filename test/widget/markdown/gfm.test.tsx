/** GFM's extensions, each rule of its specification with an example of ours: tables, strikethrough, task lists, autolinks. */
import { describe, expect, it } from 'vitest'
import { canonical, canonicalHtml } from './canonical.ts'
import { draw } from './draw.tsx'

const table = (head: string, ...rows: string[]) =>
  `<table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => `<tr>${row}</tr>`).join('')}</tbody></table>`
const link = (href: string, text = href) => `<a href="${href}">${text}</a>`

const EXAMPLES: readonly [rule: string, markdown: string, html: string][] = [
  [
    'a table has a head and rows',
    '| a | b |\n| - | - |\n| 1 | 2 |',
    table('<th>a</th><th>b</th>', '<td>1</td><td>2</td>'),
  ],
  [
    'columns are aligned, and outer pipes may be left out',
    'a | b | c\n:- | :-: | -:\n1 | 2 | 3',
    table(
      '<th align="left">a</th><th align="center">b</th><th align="right">c</th>',
      '<td align="left">1</td><td align="center">2</td><td align="right">3</td>',
    ),
  ],
  ['a pipe in a cell is escaped', '| a |\n| - |\n| 1 \\| 2 |', table('<th>a</th>', '<td>1 | 2</td>')],
  [
    'a pipe in code in a cell is escaped',
    '| a |\n| - |\n| `1 \\| 2` |',
    table('<th>a</th>', '<td><code>1 | 2</code></td>'),
  ],
  [
    'marks count in cells',
    '| a |\n| - |\n| **1** ~~2~~ |',
    table('<th>a</th>', '<td><strong>1</strong> <del>2</del></td>'),
  ],
  ['a blank line ends a table', '| a |\n| - |\n| 1 |\n\nafter', `${table('<th>a</th>', '<td>1</td>')}<p>after</p>`],
  [
    'another block ends a table',
    '| a |\n| - |\n| 1 |\n> after',
    `${table('<th>a</th>', '<td>1</td>')}<blockquote><p>after</p></blockquote>`,
  ],
  [
    'a line without a pipe is a row',
    '| a | b |\n| - | - |\n| 1 | 2 |\n3',
    table('<th>a</th><th>b</th>', '<td>1</td><td>2</td>', '<td>3</td><td></td>'),
  ],
  ['head and rule have as many cells', '| a | b |\n| - |\n| 1 |', '<p>| a | b |<br />\n| - |<br />\n| 1 |</p>'],
  [
    'missing cells are empty, and more than the head has are left out',
    '| a | b |\n| - | - |\n| 1 |\n| 2 | 3 | 4 |',
    table('<th>a</th><th>b</th>', '<td>1</td><td></td>', '<td>2</td><td>3</td>'),
  ],
  ['a table may have no rows', '| a |\n| - |', table('<th>a</th>')],
  ['a table interrupts a paragraph', 'text\n| a |\n| - |\n| 1 |', `<p>text</p>${table('<th>a</th>', '<td>1</td>')}`],
  ['two tildes strike', '~~Was~~ is', '<p><del>Was</del> is</p>'],
  ['one tilde strikes', '~Was~ is', '<p><del>Was</del> is</p>'],
  ['three tildes do not', 'It ~~~was~~~ is', '<p>It ~~~was~~~ is</p>'],
  [
    'a new paragraph ends what is struck',
    'This ~~has a\n\nnew paragraph~~',
    '<p>This ~~has a</p><p>new paragraph~~</p>',
  ],
  [
    'tasks',
    '- [ ] one\n- [x] two',
    '<ul><li><input type="checkbox" /> one</li><li><input type="checkbox" checked="" /> two</li></ul>',
  ],
  ['a capital X', '- [X] one', '<ul><li><input type="checkbox" checked="" /> one</li></ul>'],
  [
    'tasks in tasks',
    '- [x] one\n  - [ ] two',
    '<ul><li><input type="checkbox" checked="" /> one<ul><li><input type="checkbox" /> two</li></ul></li></ul>',
  ],
  ['no task without a space', '- [x]one', '<ul><li>[x]one</li></ul>'],
  ['www', 'www.shop.example', `<p>${link('http://www.shop.example', 'www.shop.example')}</p>`],
  [
    'www with a path',
    'Visit www.shop.example/help for more.',
    `<p>Visit ${link('http://www.shop.example/help', 'www.shop.example/help')} for more.</p>`,
  ],
  [
    'punctuation at the end stays outside',
    'See www.shop.example. Or www.shop.example/a.b!?',
    `<p>See ${link('http://www.shop.example', 'www.shop.example')}. Or ${link('http://www.shop.example/a.b', 'www.shop.example/a.b')}!?</p>`,
  ],
  ['brackets that are balanced belong to it', 'https://a.example/x(y)z', `<p>${link('https://a.example/x(y)z')}</p>`],
  [
    'others at the end do not',
    '(https://a.example/x(y)) and (https://a.example/x',
    `<p>(${link('https://a.example/x(y)')}) and (${link('https://a.example/x')}</p>`,
  ],
  [
    'brackets inside are not looked at',
    'https://a.example/x?q=(a))+b',
    `<p>${link('https://a.example/x?q=(a))+b')}</p>`,
  ],
  ['< ends it', 'https://a.example/he<lp', `<p>${link('https://a.example/he')}&lt;lp</p>`],
  [
    'http, https',
    'http://a.example https://a.example/b?c=d#e',
    `<p>${link('http://a.example')} ${link('https://a.example/b?c=d#e')}</p>`,
  ],
  ['marks around it', '**https://a.example**', `<p><strong>${link('https://a.example')}</strong></p>`],
  ['e-mail', 'me@a.example', `<p>${link('mailto:me@a.example', 'me@a.example')}</p>`],
  [
    'a plus before the @',
    'Not me+you@me.a, but me.you+x@mail.a.example',
    `<p>Not ${link('mailto:me+you@me.a', 'me+you@me.a')}, but ${link('mailto:me.you+x@mail.a.example', 'me.you+x@mail.a.example')}</p>`,
  ],
  [
    '. - and _ in e-mail',
    'a.b-c_d@a.b and a.b-c_d@a.b.',
    `<p>${link('mailto:a.b-c_d@a.b', 'a.b-c_d@a.b')} and ${link('mailto:a.b-c_d@a.b', 'a.b-c_d@a.b')}.</p>`,
  ],
  ['no - or _ at the end of e-mail', 'a.b-c_d@a.b- a.b-c_d@a.b_', '<p>a.b-c_d@a.b- a.b-c_d@a.b_</p>'],
  ['mailto:', 'mailto:me@a.example', `<p>${link('mailto:me@a.example')}</p>`],
]

describe('GFM', () => {
  it.each(EXAMPLES)('%s: %j', (_rule, markdown, html) => {
    expect(canonical(draw(markdown))).toBe(canonicalHtml(html))
  })
})
