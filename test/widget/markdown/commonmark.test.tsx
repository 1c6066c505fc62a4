/**
 * The examples of CommonMark 0.31.2, drawn by the widget. `npm run commonmark` prints the share by section. Examples of
 * HTML, images, references, tabs and indented code are counted apart: a chat draws HTML as text, and images only where
 * the owner allows their hosts.
 */
import { tests } from 'commonmark-spec'
import { describe, expect, it } from 'vitest'
import { canonical, canonicalHtml } from './canonical.ts'
import { draw } from './draw.tsx'

const LEAST_SHARE = 0.97
const APART = /^(Tabs|Indented code blocks|HTML blocks|Link reference definitions|Images|Raw HTML)$/
/** A tag, a comment or a picture in what is expected, a definition or an indented line in what is written. */
const HTML = /<(?!\/?(?:p|h[1-6]|ul|ol|li|blockquote|pre|code|hr|br|em|strong|a)\b)[a-z/!?]/
const TAG = /<(?:a |!--)/
const REFERENCE = /^ {0,3}\[[^\]]+\]:/m
const INDENTED = /^(?:[ >]|\d+[.)]|[-*+])* {4}\S/m

/** Where the widget differs, and why. An entry that is not true any more fails. */
const EXCEPTIONS = new Map<number, string>([
  [25, 'names of entities that people do not write in a chat: AElig, frac34, HilbertSpace …'],
  [484, 'a link without a label shows its address, or nobody could see it'],
  [502, 'a backslash in an address is a slash, as every browser reads it'],
  [602, 'a bare address is a link, as in GFM, also in brackets that make no link'],
  [603, 'a backslash in an address is a slash'],
  [608, 'a bare address is a link, as in GFM'],
  [611, 'a bare address is a link, as in GFM'],
  [612, 'a bare e-mail address is a link, as in GFM'],
])

const examples = tests.map(({ number, section, ...example }) => {
  const markdown = example.markdown.replace(/→/g, '\t')
  const html = example.html.replace(/→/g, '\t')
  const apart =
    APART.test(section) ||
    HTML.test(html) ||
    TAG.test(markdown) ||
    REFERENCE.test(markdown) ||
    markdown.includes('\t') ||
    INDENTED.test(markdown)
  return { number, section, markdown, html, apart, passes: canonical(draw(markdown)) === canonicalHtml(html) }
})
const counted = examples.filter(({ apart }) => !apart)

const share = (some: typeof examples) => {
  const passed = some.filter(({ passes }) => passes).length
  return { passed, of: some.length, share: `${((100 * passed) / some.length).toFixed(1)} %` }
}

describe('CommonMark', () => {
  it(`holds in at least ${LEAST_SHARE * 100} % of the counted examples`, () => {
    const sections = [...new Set(counted.map(({ section }) => section))]
    console.table({
      ...Object.fromEntries(sections.map((name) => [name, share(counted.filter(({ section }) => section === name))])),
      'all counted': share(counted),
      'counted apart': share(examples.filter(({ apart }) => apart)),
    })
    const { passed, of } = share(counted)
    expect(passed / of).toBeGreaterThanOrEqual(LEAST_SHARE)
  })

  it.each(counted.filter(({ number }) => !EXCEPTIONS.has(number)))(
    'example $number, $section: $markdown',
    (example) => {
      expect(canonical(draw(example.markdown))).toBe(canonicalHtml(example.html))
    },
  )

  it.each([...EXCEPTIONS])('example %i differs: %s', (number) => {
    expect(examples.find((example) => example.number === number)).toMatchObject({ apart: false, passes: false })
  })
})
