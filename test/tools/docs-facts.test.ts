/** Tables in the docs that list parts of the code: each row exists, and none is missing. */
import { globSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'

const read = (file: string) => readFileSync(file, 'utf8')
const widget = globSync('widget/**/*.{ts,tsx,css}').map(read).join('\n')
/** Everything in backticks that matches the pattern, without call brackets. */
const named = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code).filter((code) => pattern.test(code))),
]
/** The first cells of a page's tables. */
const firstCells = (page: string): string => page.replace(/^\|([^|]*)\|.*$/gm, '|$1|').replace(/^[^|].*$/gm, '')
const section = (page: string, heading: string): string => page.split(`## ${heading}\n`)[1]?.split(/^## /m)[0] ?? ''

describe('docs/tag.md', () => {
  it('lists the attributes that the launcher reads', () => {
    const form = /const PATTERNS = \{([\s\S]*?)\n\}/.exec(read('widget/launcher/options.ts'))?.[1] ?? ''
    const attributes = [...form.matchAll(/^ {2}(\w+):/gm)].map(
      ([, name = '']) => `data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    )
    expect(attributes.length).toBeGreaterThan(10)
    expect(named(firstCells(read('docs/tag.md')), /^data-/).sort()).toEqual(attributes.sort())
  })
})

describe('docs/styling.md', () => {
  const page = read('docs/styling.md')

  it('lists the parts that the widget has', () => {
    const attributes = widget.matchAll(/\bpart(?:=|: ?)\{?["'`]([\w -]+?)(?: \$\{[^}]*\})?["'`]|'part', '([\w-]+)'/g)
    const parts = new Set([...attributes].flatMap(([, one, other]) => (one ?? other ?? '').split(' ')))
    // The speaker of a message is the second part name of its bubble.
    for (const role of ['user', 'assistant']) parts.add(role)
    expect(named(firstCells(section(page, 'Parts')), /^[a-z-]+$/).sort()).toEqual([...parts].sort())
  })

  it('lists the custom properties that the widget reads', () => {
    const properties = new Set([...widget.matchAll(/var\((--caty-[a-z]+)/g)].map(([, name]) => String(name)))
    expect(properties.size).toBeGreaterThan(4)
    expect(named(firstCells(page), /^--caty-/).sort()).toEqual([...properties].sort())
  })
})

describe('docs/events.md', () => {
  it('lists the events that the widget has', () => {
    const names = /export interface CatyEvents \{([\s\S]*?)\n\}/.exec(read('widget/caty-widget.d.ts'))?.[1] ?? ''
    const events = [...names.matchAll(/^ {2}(\w+):/gm)].map(([, name = '']) => name)
    expect(events.length).toBeGreaterThan(10)
    expect(named(firstCells(read('docs/events.md')), /^\w+$/).sort()).toEqual(events.sort())
  })
})

describe('docs/methods.md', () => {
  it('lists the members of window.CatyWidget', () => {
    const api = /export interface CatyWidgetApi \{([\s\S]*?)\n\}/.exec(read('widget/caty-widget.d.ts'))?.[1] ?? ''
    const members = new Set([...api.matchAll(/^ {2}(?:readonly )?(\w+)[(<?:]/gm)].map(([, name = '']) => name))
    expect(members.size).toBeGreaterThan(15)
    const listed = named(firstCells(read('docs/methods.md')), /^\w+(\(.*\))?$/).map((code) => code.replace(/\(.*/, ''))
    expect(listed.sort()).toEqual([...members].sort())
  })
})

describe('docs/languages.md', () => {
  it('lists the languages that the widget has', () => {
    const codes = globSync('widget/locales/*.ts').map((file) => file.replace(/^.*\/(\w+)\.ts$/, '$1'))
    const listed = /`((?:[a-z]{2} ?){10,})`/.exec(read('docs/languages.md'))?.[1]?.split(' ') ?? []
    expect(listed.sort()).toEqual(codes.sort())
  })
})

describe('docs/limits.md', () => {
  it('has the rate limits of wrangler.toml and the sizes of the edge', () => {
    const page = read('docs/limits.md')
    const limits = [...read('wrangler.toml').matchAll(/simple = \{ limit = (\d+), period = 60 \}/g)]
    expect(limits.length).toBeGreaterThan(3)
    for (const [, limit] of limits) expect(page).toContain(`| ${limit} a minute`)
    const body = read('edge/http/body.ts')
    expect(body).toMatch(/JSON_CAP = 16 \* 1024\b/)
    expect(body).toMatch(/TRACK_CAP = 64 \* 1024\b/)
    expect(page).toMatch(/a body\s+\| 16 KB .*behaviour 64 KB, a file 10 MB/)
  })
})

describe('docs/benchmarks.md', () => {
  const Budgets = v.object({ default: v.array(v.object({ name: v.string(), limit: v.string() })) })
  const bytes = (budget: string | undefined): number => Number(budget?.replaceAll(/[ ,_B]/g, ''))

  it('has the budgets that the build enforces', async () => {
    const { default: budgets } = v.parse(Budgets, await import(pathToFileURL('.size-limit.mjs').href))
    const rows = new Map(
      [...section(read('docs/benchmarks.md'), 'Bytes a visitor loads').matchAll(/^\| (.*?) +\| +([\d,]+) \|$/gm)].map(
        ([, files = '', budget]) => [files, bytes(budget)] as const,
      ),
    )
    const rowOf = (name: string) => (name.startsWith('chunk ') && !rows.has(name) ? 'each chunk' : name)
    const enforced = budgets.map(({ name, limit }) => [rowOf(name), bytes(limit)] as const)
    const worker = bytes(/const BUDGET = ([\d_]+)/.exec(read('scripts/build-worker.ts'))?.[1])
    expect(rows).toEqual(new Map([...enforced, ['the Worker', worker]]))
    for (const [name, limit] of enforced) expect(rows.get(name)).toBe(limit)
  })

  it('has the table that npm run bench writes', () => {
    const budgetRows = (text: string) =>
      [...text.matchAll(/^\| (.*?) +\| +([\d,]+) \|$/gm)].map(([, files, budget]) => [files, budget])
    expect(budgetRows(read('scripts/bench.ts'))).toEqual(
      budgetRows(section(read('docs/benchmarks.md'), 'Bytes a visitor loads')),
    )
  })
})

describe('docs/releases.md', () => {
  it('states the cache times of the headers', () => {
    const headers = read('scripts/build/headers.mjs')
    const page = read('docs/releases.md')
    for (const [address, header, said] of [
      [
        '/widget.js',
        'max-age=300, stale-while-revalidate=86400',
        /`\/widget\.js`.*5 minutes, then served stale for a day/,
      ],
      ['/integrity.json', 'max-age=60', /`\/integrity\.json`.*a minute/],
      ['/v/*', 'max-age=31536000, immutable', /`\/v\/0\.1\.0\/widget\.js`.*a year, immutable/],
      ['/chunks/*', 'max-age=31536000, immutable', /`\/chunks\/.*a year, immutable/],
    ] as const) {
      expect(headers).toContain(`${address}\n  Cache-Control: public, ${header}\n`)
      expect(page).toMatch(said)
    }
  })
})
