/** What holds for every reply, whatever is in it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPlain, plain } from '../../widget/chunks/text/plain.tsx'
import { PAYLOADS } from '../vectors/markup-payloads.ts'
import { canonical } from './markdown/canonical.ts'
import { draw, markdown, place } from './markdown/draw.tsx'

const ELEMENTS = 'P BR STRONG EM DEL CODE PRE UL OL LI A BLOCKQUOTE HR DIV TABLE THEAD TBODY TR TH TD'.split(' ')
const ATTRIBUTES = 'href target rel title tabindex dir class start value scope role aria-label'.split(' ')
const HREF = /^(?:https?|mailto|tel):/

const marks = fc.constantFrom(
  ...[
    '*',
    '**',
    '_',
    '`',
    '```',
    '~~',
    '[',
    ']',
    '(',
    ')',
    '![',
    '](',
    '<',
    '>',
    '\\',
    '|',
    '|-|\n',
    '\n',
    '\n\n',
    '    ',
  ],
  ...[
    '- ',
    '* ',
    '+ ',
    '1. ',
    '24. ',
    '7) ',
    '• ',
    '> ',
    '# ',
    '---',
    '===',
    '&amp;',
    '&#106;',
    '&colon;',
    ' ',
    '\t',
    '\r\n',
  ],
  ...[
    'a',
    'B c',
    'あ',
    '。',
    '（',
    'א',
    '9',
    '+353 1 555 0142',
    'www.',
    'https://',
    'https://a.example/b_(c)',
    'me@a.example',
  ],
  ...[
    'javascript:alert(1)',
    'data:text/html,x',
    ': ',
    '"',
    "'",
    '<br>',
    '<img src=x onerror=alert(1)>',
    '[x]: ',
    '[x]',
    '!',
  ],
)
const replies = fc.oneof(
  fc.array(marks, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(...PAYLOADS),
)
const many = { numRuns: 1000 }

/** Fails where something stands in the page that a reply may not put there. */
function expectHarmless(inside: HTMLElement): void {
  for (const element of inside.querySelectorAll('*')) {
    expect(ELEMENTS).toContain(element.tagName)
    for (const { name, value } of element.attributes) {
      expect(ATTRIBUTES).toContain(name)
      if (name === 'href') expect(value).toMatch(HREF)
    }
  }
}

describe('every reply', () => {
  it('is drawn, with allowed elements, attributes and addresses alone', () => {
    fc.assert(
      fc.property(replies, (text) => expectHarmless(draw(text))),
      many,
    )
  })

  it.each(PAYLOADS)('does nothing with %j', (payload) => {
    const inside = draw(`before ${payload} after`)
    expectHarmless(inside)
    expect(inside.textContent).toMatch(/^before.*after$/s)
  })

  it('that is taken for plain looks the same as drawn by the rich chunk', () => {
    fc.assert(
      fc.property(replies.filter(isPlain), (text) => {
        expect(canonical(place(plain(text)))).toBe(canonical(draw(text)))
      }),
      many,
    )
  })

  it('keeps its words', () => {
    const words = fc.array(fc.constantFrom('mug', '**bowl**', '~~plate~~', '*cup*', '`tray`', '- jar', '> lid'), {
      minLength: 1,
    })
    fc.assert(
      fc.property(words, fc.constantFrom(' ', '\n', '\n\n'), (all, between) => {
        const said = draw(all.join(between)).textContent ?? ''
        for (const word of all) expect(said).toContain(word.replace(/\W/g, ''))
      }),
    )
  })
})

/** Input that a careless parser takes the square of its length for, repeated up to so many characters. */
const REPEATED = [
  ...['[', ']', '*', '_', '`', '~', '>', '> ', '- ', '1. ', '|', '<', '!', '#', '\\', '&', '(', ' ', '\n', '\t'],
  ...[
    '*a ',
    'a*',
    '**a',
    'a**b',
    '_a*b',
    '[a](',
    '![',
    '[x][',
    '[a]: ',
    '<a ',
    'www.',
    'a@',
    'http://',
    '> a\n',
    '- a\n',
    '|a|b|\n|-|-|\n',
  ],
  ...['```\n', 'a\n', 'a  \n', '=\n', 'あ**「', '<!--', '[a](<', '"', '~~a~~', '\\['],
]
const LENGTH = 10_000

/** Milliseconds of this process alone, the best of three: what other processes do on the machine does not count. */
function time(text: string): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const start = process.cpuUsage()
      markdown(text)
      const { user, system } = process.cpuUsage(start)
      return (user + system) / 1000
    }),
  )
}

describe('time', () => {
  it.each(REPEATED)('grows with the length of %j, not with its square', (unit) => {
    const once = unit.repeat(LENGTH / unit.length)
    // A measurement that a busy machine spoils is made again; the square of the length stays.
    const grows = () => {
      const first = time(once)
      const twice = time(once + once)
      return twice < 3 * first || twice < 50
    }
    expect(grows() || grows() || grows()).toBe(true)
  })

  it('is bounded for quotes and lists in one another', () => {
    for (const text of ['> '.repeat(LENGTH), '> - '.repeat(LENGTH), `${'> '.repeat(30)}a\nb\n`.repeat(100)])
      expect(draw(text).querySelectorAll('blockquote').length).toBeLessThan(LENGTH)
  })
})
