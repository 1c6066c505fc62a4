/**
 * What `npm run tenant -- new` writes: a configuration that matches the project's own, shares nothing with other
 * tenants and holds no secret.
 */
import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { home } from '../../cli/base/home.ts'
import { baseFor, projectConfig, readRaw, WranglerConfig } from '../../cli/tenant/config.ts'
import { namespaceId } from '../../cli/tenant/names.ts'
import { parseSecrets, withSecrets, writeSecrets } from '../../cli/tenant/secrets-file.ts'
import { SECRETS, VARIABLES } from '../../cli/tenant/settings.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import { Clone } from '../support/clone.ts'

let folder: Clone
beforeAll(() => {
  folder = new Clone()
})
afterAll(() => folder.remove())

const written = async (path: string): Promise<WranglerConfig> => v.parse(WranglerConfig, await readRaw(path))

describe('a new tenant', () => {
  it('has every binding of wrangler.toml', async () => {
    await folder.run('new', 'acme', '--origins', 'https://acme.example')
    const own = await written(folder.file('acme', 'wrangler.jsonc'))
    const base = baseFor(await projectConfig(home), own.vars)
    const changed = Object.keys(base).filter(
      (part) => !isDeepStrictEqual(Reflect.get(own, part), Reflect.get(base, part)),
    )
    expect(changed.sort()).toEqual([...['analytics_engine_datasets', 'assets', 'main', 'name', 'ratelimits', 'vars']])
    expect(own.ratelimits.map(({ name, simple }) => ({ name, simple }))).toEqual(
      base.ratelimits.map(({ name, simple }) => ({ name, simple })),
    )
    expect({ ...own.assets, directory: '' }).toEqual({ ...base.assets, directory: '' })
    expect(own.vars).toMatchObject(base.vars)
  })

  it('shares no counter, Worker or dataset with another', async () => {
    const names = Array.from({ length: 500 }, (_, at) => `tenant-${at}`)
    const limits = (await projectConfig(home)).ratelimits.map(({ name }) => name)
    const ids = names.flatMap((name) => limits.map((limit) => namespaceId(name, limit)))
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[1-9]\d{0,9}$/)
  })

  it('keeps its secrets in a file that only the owner can read, and prints none', async () => {
    const ended = await folder.run(
      'new',
      'quiet',
      '--origins',
      'https://quiet.example',
      '--webhook-target',
      'https://quiet.example/hook',
    )
    const { values } = parseSecrets(await folder.read('quiet', 'secrets.env'))
    expect(Object.keys(values).sort()).toEqual([
      'CATY_API_KEY',
      'CATY_WEBHOOK_SECRETS',
      'TOKEN_SECRETS',
      'WEBHOOK_TARGET_SECRET',
    ])
    const tracked = await folder.read('quiet', 'wrangler.jsonc')
    for (const value of Object.values(values).filter((each) => each !== '')) {
      for (const text of [ended.out, ended.err, tracked]) expect(text).not.toContain(value.slice(-12))
    }
  })

  it('that only receives webhooks needs no settings for delivery', async () => {
    await folder.run('new', 'taker', '--origins', 'https://taker.example', '--webhooks')
    const path = folder.file('taker', 'secrets.env')
    const filled = { CATY_API_KEY: `caty_${'a'.repeat(32)}`, CATY_WEBHOOK_SECRETS: 'from-the-dashboard' }
    await writeSecrets(path, withSecrets(await folder.read('taker', 'secrets.env'), filled))
    expect((await folder.run('check', 'taker', '--json')).json).toMatchObject({ ok: true })
  })

  it('that chooses queues has its own', async () => {
    const target = ['--webhook-target', 'https://queued.example/hook', '--set', 'WEBHOOK_DELIVERY=queue']
    await folder.run('new', 'queued', '--origins', 'https://queued.example', ...target)
    const { queues } = await written(folder.file('queued', 'wrangler.jsonc'))
    expect(queues?.producers).toEqual([{ binding: 'WEBHOOKS', queue: 'caty-queued-webhooks' }])
    expect(queues?.consumers?.map(({ queue, dead_letter_queue }) => [queue, dead_letter_queue])).toEqual([
      ['caty-queued-webhooks', 'caty-queued-webhooks-dead'],
      ['caty-queued-webhooks-dead', undefined],
    ])
    const { json } = await folder.run('check', 'queued', '--without-secrets', '--json')
    expect(json).toMatchObject({ ok: true })
  })

  it('with two widgets has an entry for the key of each', async () => {
    await folder.run('new', 'two', '--origins', 'https://two.example', '--widget', 'wgt_a', '--widget', 'wgt_b')
    const { values } = parseSecrets(await folder.read('two', 'secrets.env'))
    expect(JSON.parse(values.CATY_API_KEYS ?? '')).toEqual({ wgt_a: '', wgt_b: '' })
  })
})

describe('the tracked example', () => {
  it('is what `new` writes', async () => {
    const text = await readFile('tenants/example/wrangler.jsonc', 'utf8')
    const base = await projectConfig(home)
    const own = await written('tenants/example/wrangler.jsonc')
    expect(own.ratelimits.map(({ name }) => name)).toEqual(base.ratelimits.map(({ name }) => name))
    expect(own.migrations).toEqual(base.migrations)
    expect(own.compatibility_date).toBe(base.compatibility_date)
    expect(text).not.toMatch(/caty_[A-Za-z0-9_]{16}/)
    // The platform's own log line would hold the visitor's address, and the session's handle in its path.
    const quiet = { observability: { enabled: true, logs: { invocation_logs: false } } }
    expect([base, own]).toMatchObject([quiet, quiet])
  })
})

describe('the list of secret settings', () => {
  it('is the same in the docs', async () => {
    const table = await readFile('docs/settings.md', 'utf8')
    const rows = [...table.matchAll(/^\| `([A-Z_]+)` +\| (secret|variable) /gm)]
    const named = (kind: string): string[] => rows.filter((row) => row[2] === kind).map((row) => row[1] ?? '')
    for (const name of named('secret')) expect(SECRETS).toContain(name)
    for (const name of named('variable')) expect(VARIABLES).toContain(name)
  })
})

describe('the file of secrets', () => {
  it('returns each value as it was written, with any quotes, spaces or comments around it', () => {
    const name = fc.constantFrom(...SECRETS)
    const value = fc.oneof(
      fc.stringMatching(/^[A-Za-z0-9_:,./+=-]{1,80}$/),
      fc
        .dictionary(fc.stringMatching(/^[\w-]{1,20}$/), fc.stringMatching(/^caty_\w{1,30}$/))
        .map((table) => JSON.stringify(table)),
    )
    const line = fc.oneof(
      fc.constant(''),
      fc.stringMatching(/^# [ -~]{0,40}$/),
      fc.stringMatching(/^OTHER_[A-Z]{1,9}=\w{0,9}$/),
    )
    fc.assert(
      fc.property(fc.array(line), fc.dictionary(name, value), fc.dictionary(name, value), (lines, first, second) => {
        const text = withSecrets(withSecrets(lines.join('\n'), first), second)
        expect(parseSecrets(text).values).toMatchObject({ ...first, ...second })
        expect(text.split('\n')).toEqual(expect.arrayContaining(lines.filter((each) => each !== '')))
      }),
    )
  })

  it('loses a secret that is removed', () => {
    const text = withSecrets('# why\nCATY_API_KEY=a\nCATY_API_KEY_NEXT=b\n', { CATY_API_KEY_NEXT: null })
    expect(parseSecrets(text)).toMatchObject({ values: { CATY_API_KEY: 'a' }, problems: [] })
    expect(text).toContain('# why')
  })

  it('is a valid start for the Worker once the key is filled in', async () => {
    const { values } = parseSecrets(
      withSecrets(await folder.read('acme', 'secrets.env'), { CATY_API_KEY: `caty_${'a'.repeat(32)}` }),
    )
    expect(parseSettings({ ...values, ALLOWED_ORIGINS: 'https://acme.example' })).toMatchObject({ ok: true })
  })
})
