/** The docs as a whole: every link has a target, and every problem type and reason has its heading. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '../../edge/http/problem/table.ts'
import { markdownFiles } from '../../scripts/docs/files.ts'
import { brokenLinks } from '../../scripts/docs/links.ts'
import { headingsOf, linksOf } from '../../scripts/docs/markdown.ts'
import { inlineCode } from '../support/snippets/blocks.ts'

const read = (file: string) => readFileSync(file, 'utf8')
const idsOf = (file: string) => headingsOf(read(file)).map(({ id }) => id)

describe('links in the docs', () => {
  it('all have a target', () => {
    const files = markdownFiles()
    expect(files).toContain('examples/README.md')
    expect(files.flatMap((file) => brokenLinks(file, read(file)))).toEqual([])
  })

  it.each([
    ['[x](nothing.md)', 'no such file'],
    ['[x](settings.md#nothing)', 'no heading'],
    ['[x](#nothing)', 'no heading'],
    ['![x](assets/nothing.png)', 'no such file'],
    ['[x](http://example.com)', 'only https'],
    ['[x](https://example)', 'no host name'],
    ['[x](https://exa mple.com)'.replace(' ', '%20'), 'not an address'],
    ['[x](../../outside.md)', 'outside'],
  ])('with a broken target are found: %s', (text, why) => {
    expect(brokenLinks('docs/a.md', text)).toEqual([expect.stringContaining(why)])
  })

  it.each([
    '[x](settings.md)',
    '[x](../edge/index.ts)',
    '[x](problems.md#quota)',
    '# A thing, & more\n\n[x](#a-thing--more)',
    '[x](mailto:a@example.com)',
    '[x](https://developers.cloudflare.com/workers/#a)',
  ])('with a target are accepted: %s', (text) => {
    expect(brokenLinks('docs/a.md', text)).toEqual([])
  })
})

describe('file names between backticks', () => {
  const PATH = /^(cli|docs|edge|examples|installer|sandbox|scripts|test|webhook|widget)\/[\w./*-]+$/

  it('exist', () => {
    const paths = markdownFiles().flatMap((file) =>
      inlineCode(read(file))
        .filter(({ code }) => PATH.test(code))
        .map(({ code, line }) => ({ place: `${file}:${line}`, code })),
    )
    expect(paths.length).toBeGreaterThan(50)
    expect(paths.filter(({ code }) => globSync(code).length === 0)).toEqual([])
  })
})

/** A step of the map links to a source file and then names the functions that do the work there. */
const STEP = /\]\(\.\.\/([^)]+\.tsx?)\)((?:\s`\w+(?:\(\))?`)*)/g

/** Sentences about outdated steps. A name counts if the file declares it as a function, class, constant or method. */
function staleSteps(text: string): string[] {
  return [...text.matchAll(STEP)].flatMap(([, file = '', names = '']) => {
    if (!existsSync(file)) return [`there is no ${file}`]
    const source = read(file)
    return [...names.matchAll(/\w+/g)]
      .filter(
        ([name]) =>
          !new RegExp(`\\b(function\\*?|class|const)\\s+${name}\\b|^\\s+(async )?#?${name}\\(`, 'm').test(source),
      )
      .map(([name]) => `${file} has no ${name}`)
  })
}

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md')

  it('names existing files and the functions that they declare', () => {
    expect([...text.matchAll(STEP)].length).toBeGreaterThan(30)
    expect(staleSteps(text)).toEqual([])
  })

  it('links each step to one or more source files', () => {
    const steps = text.split('\n').filter((line) => /^\d+\. /.test(line))
    expect(steps.filter((line) => linksOf(line).every(({ href }) => !/\.tsx?$/.test(href)))).toEqual([])
  })

  it.each([
    ['[`edge/gone.ts`](../edge/gone.ts) `call()`', 'there is no edge/gone.ts'],
    ['[`edge/app/call.ts`](../edge/app/call.ts) `everyCall()` `goneCall()`', 'edge/app/call.ts has no goneCall'],
  ])('is reported as outdated: %s', (step, why) => {
    expect(staleSteps(step)).toEqual([why])
  })
})

describe('npm run docs', () => {
  it('prints its help for --help, and refuses an unknown word', () => {
    const run = (...words: string[]) => spawnSync(execPath, ['scripts/docs.ts', ...words], { encoding: 'utf8' })
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('dist/docs') })
    expect(run('--hlep')).toMatchObject({ status: 64, stderr: expect.stringContaining('--hlep') })
  })
})

describe('docs/problems.md', () => {
  it('has a heading for each problem type of the edge, and no others', () => {
    const types = new Set(Object.values(PROBLEMS).map(({ type }) => type))
    expect(types.size).toBeGreaterThan(20)
    expect(idsOf('docs/problems.md').slice(1).sort()).toEqual([...types].sort())
  })
})

describe('docs/troubleshooting.md', () => {
  it('has a heading for each reason that the widget reports', () => {
    const widget = globSync('widget/**/*.{ts,tsx}').map(read).join('\n')
    const edge = globSync('edge/http/problem/*.ts').map(read).join('\n')
    const errors = read('widget/client/errors.ts')
    const reasons = new Set([
      ...[...widget.matchAll(/\bfail\(([^`\n]*)\)/g)]
        .flatMap(([, said = '']) => [...said.matchAll(/'([a-z_]+)'/g)])
        .map(([, reason]) => reason),
      // The code of a refusal, in lower case.
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
