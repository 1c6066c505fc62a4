/**
 * Every known mistake gets one sentence that says what to change and repeats the typed words. The sentences stand
 * beside the mistakes, word for word: read them as the person who made the mistake.
 */
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Clone } from '../support/clone.ts'
import { commandsIn } from '../support/snippets/shell.ts'
import { FILES } from './mistakes/files.ts'
import { STATES } from './mistakes/states.ts'
import { ENVIRONMENT, KEY, TYPED } from './mistakes/typed.ts'

let clone: Clone

/** Two valid tenants, and a wrangler that must not be called. */
async function prepare(): Promise<void> {
  await clone.empty()
  rmSync(join(clone.root, '.git'), { recursive: true, force: true })
  copyFileSync('.gitignore', join(clone.root, '.gitignore'))
  clone.env = ENVIRONMENT
  clone.wrangler = async () => ({ code: 1, stdout: '', said: 'no test may come here' })
  await clone.run('new', 'acme', '--origins', 'https://acme.example')
  await clone.edit('acme', 'secrets.env', 'CATY_API_KEY=', `CATY_API_KEY=${KEY}`)
  const widgets = ['--widget', 'wgt_a', '--widget', 'wgt_b']
  await clone.run('new', 'bakery', '--origins', 'https://bakery.example', '--domain', 'chat.bakery.example', ...widgets)
  const keys = `CATY_API_KEYS='{"wgt_a": "${KEY}1", "wgt_b": "${KEY}2"}'`
  await clone.edit('bakery', 'secrets.env', /CATY_API_KEYS=.*/, keys)
}

beforeAll(() => {
  clone = new Clone()
})
afterAll(() => clone.remove())

/** The sentences that an ended command printed, without their marks and without progress lines. */
const sentences = ({ out, err }: { out: string; err: string }): string[] =>
  `${out}\n${err}`
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^[✗!] /.test(line) && line !== '✗ acme')
    .map((line) => line.slice(2))

const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  )

const words = (typed: string): string[] => commandsIn(typed)[0] ?? []

it('there are more than 150 mistakes, each listed once', () => {
  const typed = TYPED.flatMap(({ rows }) => rows.map(([words]) => words))
  const all = [...typed, ...FILES.map(([mistake]) => mistake), ...STATES.map(([mistake]) => mistake)]
  expect(all.length).toBeGreaterThan(150)
  expect(new Set(all).size).toBe(all.length)
})

describe.each(TYPED.map(({ about, rows }) => [about, rows] as const))('a command line: %s', (_about, rows) => {
  beforeAll(prepare)

  it.each(rows.map((row) => [...row] as const))('%s', async (typed, code, says) => {
    const before = filesOf(join(clone.root, 'tenants'))
    const ended = await clone.run(...words(typed))
    expect(sentences(ended)).toEqual([says])
    expect(ended.code).toBe(code)
    // A mistake changes no file.
    expect(filesOf(join(clone.root, 'tenants'))).toEqual(before)
    expect(ended.out + ended.err).not.toContain(KEY.slice(5, 13))
  })
})

describe('a mistake in a tenant’s files', () => {
  beforeEach(prepare)

  it.each(FILES.map((row) => [...row] as const))('%s', async (_mistake, make, says) => {
    await make(clone)
    const ended = await clone.run('check', 'acme')
    expect(sentences(ended).join('\n')).toBe(says)
    expect(ended.code).toBe(/✗/.test(ended.out) ? 1 : 0)
    expect(ended.out + ended.err).not.toContain(KEY.slice(5, 13))
  })

  it('is not reported for a valid tenant', async () => {
    expect(await clone.run('check', 'acme')).toMatchObject({ code: 0, out: '✓ acme may be deployed\n', err: '' })
  })

  it("is repaired by --fix if an upgrade caused it, and the owner's own changes are kept", async () => {
    await clone.edit('acme', 'wrangler.jsonc', '2026-10-01', '2025-01-01')
    const limit = '{ "name": "CALLS_PER_VISITOR", "namespace_id": "7", "simple": { "limit": 55, "period": 10 } }'
    await clone.edit('acme', 'wrangler.jsonc', /"ratelimits": \[[\s\S]*?\n {2}\],/, `"ratelimits": [${limit}],`)
    await clone.edit('acme', 'wrangler.jsonc', '"vars": {', '"vars": {\n    "MESSAGES_PER_DAY": "77",')
    await clone.edit('acme', 'secrets.env', /TOKEN_SECRETS=.*/, 'TOKEN_SECRETS=')
    expect(await clone.run('check', 'acme', '--fix', '--json')).toMatchObject({ code: 0, json: { ok: true } })
    const text = await clone.read('acme', 'wrangler.jsonc')
    for (const kept of ['"MESSAGES_PER_DAY": "77"', '"limit": 55', 'https://acme.example']) expect(text).toContain(kept)
    expect(text).not.toContain('"namespace_id": "7"')
    expect(await clone.read('acme', 'secrets.env')).toMatch(/^TOKEN_SECRETS=k\d{8}:/m)
  })
})

describe('an unfinished or blocked state', () => {
  beforeEach(prepare)

  it.each(STATES.map((row) => [...row] as const))('%s', async (_mistake, make, typed, code, says) => {
    await make(clone)
    const ended = await clone.run(...words(typed))
    expect(sentences(ended)).toEqual([says])
    expect(ended.code).toBe(code)
    expect(ended.out + ended.err).not.toContain(KEY.slice(5, 13))
  })
})

it('scripts get the same sentences as JSON', async () => {
  const { json, code } = await clone.run('new', 'Acme', '--json')
  expect([code, json]).toEqual([
    2,
    { ok: false, ending: 'usage', sentences: [expect.stringMatching(/^“Acme” is not a tenant name/)] },
  ])
})
