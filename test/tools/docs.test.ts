/** The pages of the docs as a whole: every link leads somewhere, every problem type and reason has its heading. */
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { docFiles } from '../../scripts/docs/files.ts'
import { brokenLinks } from '../../scripts/docs/links.ts'
import { headingsOf } from '../../scripts/docs/markdown.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const idsOf = (file: string) => headingsOf(read(file)).map(({ id }) => id)

describe('links', () => {
  it('lead somewhere, all of them', () => {
    expect(docFiles().flatMap((file) => brokenLinks(file, read(file)))).toEqual([])
  })

  it.each([
    ['[x](nothing.md)', 'no such file'],
    ['[x](settings.md#nothing)', 'no heading'],
    ['[x](#nothing)', 'no heading'],
    ['![x](assets/nothing.png)', 'no such file'],
    ['[x](../../outside.md)', 'outside'],
  ])('to nowhere are found: %s', (text, why) => {
    expect(brokenLinks('docs/a.md', text)).toEqual([expect.stringContaining(why)])
  })

  it.each([
    '[x](settings.md)',
    '[x](../edge/index.ts)',
    '[x](problems.md#quota)',
    '# A thing, & more\n\n[x](#a-thing--more)',
    '[x](mailto:a@example.com)',
  ])('to somewhere are left alone: %s', (text) => {
    expect(brokenLinks('docs/a.md', text)).toEqual([])
  })
})

describe('docs/problems.md', () => {
  it('has a heading for each problem type of the edge, and no other', () => {
    const sources = globSync('edge/http/problem/*.ts').map(read).join('\n')
    const slugs = new Set([...sources.matchAll(/\bslug: '([^']+)'/g)].map(([, slug]) => slug))
    expect(slugs.size).toBeGreaterThan(20)
    expect(idsOf('docs/problems.md').slice(1).sort()).toEqual([...slugs].sort())
  })
})

describe('docs/troubleshooting.md', () => {
  it('has a heading for each reason that the widget can give', () => {
    const widget = globSync('widget/**/*.{ts,tsx}').map(read).join('\n')
    const edge = globSync('edge/http/problem/*.ts').map(read).join('\n')
    const errors = read('widget/client/errors.ts')
    const reasons = new Set([
      ...[...widget.matchAll(/\bfail\(([^`\n]*)\)/g)]
        .flatMap(([, said = '']) => [...said.matchAll(/'([a-z_]+)'/g)])
        .map(([, reason]) => reason),
      // The code of a refusal, in small letters.
      ...[...edge.matchAll(/\bcode: '([A-Z_]+)'/g)].map(([, code = '']) => code.toLowerCase()),
      ...[...errors.matchAll(/\bkind: '([a-z_]+)'/g)].map(([, kind]) => kind).filter((kind) => kind !== 'refused'),
    ])
    expect(reasons.size).toBeGreaterThan(15)
    const headings = idsOf('docs/troubleshooting.md')
    expect([...reasons].filter((reason) => !headings.includes(String(reason)))).toEqual([])
  })
})

describe('docs/privacy.md', () => {
  it('names everything that the widget stores', () => {
    const widget = globSync('widget/**/*.{ts,tsx}').map(read).join('\n')
    const entries = [...widget.matchAll(/\.set\('([a-z]+)',/g)].map(([, name]) => name)
    const tables = /const TABLES = \[([^\]]*)\]/.exec(read('widget/client/database.ts'))?.[1]?.match(/\w+/g) ?? []
    const stored = [...new Set([...entries, ...tables])]
    expect(stored.length).toBeGreaterThan(5)
    const page = read('docs/privacy.md')
    expect(stored.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })
})
