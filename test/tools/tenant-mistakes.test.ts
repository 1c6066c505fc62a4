/** Every mistake an owner can make gets one sentence that says what to change, before anything is uploaded. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, rm, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TenantFolder } from '../support/tenant.ts'

const KEY = `caty_${randomBytes(16).toString('hex')}`
const ORIGIN = 'https://acme.example'

process.env.PATH_OF_KEY = 'not-a-key'
process.env.SAME_KEY = KEY

let folder: TenantFolder
beforeEach(async () => {
  folder = await TenantFolder.make()
})
afterEach(() => folder.remove())

const Problems = v.object({ tenants: v.array(v.object({ problems: v.array(v.object({ sentence: v.string() })) })) })

/** The sentences of `check acme --json`, after `spoil` has been at the files of a sound tenant. */
async function mistakesAfter(
  spoil: (folder: TenantFolder) => Promise<void>,
): Promise<{ code: number; sentences: string[] }> {
  await folder.run('new', 'acme', '--origins', ORIGIN)
  await folder.edit('acme', 'secrets.env', 'CATY_API_KEY=', `CATY_API_KEY=${KEY}`)
  await spoil(folder)
  const { code, json } = await folder.run('check', 'acme', '--json')
  const { tenants } = v.parse(Problems, json)
  return { code, sentences: tenants.flatMap(({ problems }) => problems.map(({ sentence }) => sentence)) }
}

const config = (from: string | RegExp, to: string) => (at: TenantFolder) => at.edit('acme', 'wrangler.jsonc', from, to)
const secrets = (from: string | RegExp, to: string) => (at: TenantFolder) => at.edit('acme', 'secrets.env', from, to)
const origins = (text: string) => config(`"${ORIGIN}"`, `"${text}"`)
const variable = (text: string) => config('"vars": {', `"vars": {\n    ${text},`)
const secret = (text: string) => secrets('# Signs', `${text}\n# Signs`)
/** A second tenant with something of the first. */
const twin = (name: 'wrangler.jsonc' | 'secrets.env', from: RegExp) => async (at: TenantFolder) => {
  await at.run('new', 'other', '--origins', 'https://other.example', '--domain', 'chat.other.example')
  const [line = ''] = from.exec(await at.read('other', name)) ?? []
  await at.edit('acme', name, from, line)
}

type Row = [mistake: string, spoil: (at: TenantFolder) => Promise<void>, sentence: RegExp]
const FILES: Row[] = [
  ['an origin without a scheme', origins('acme.example'), /needs a scheme, as in https:\/\/acme\.example\.$/],
  [
    'a slash at the end of an origin',
    origins('https://acme.example/'),
    /is not an origin: write https:\/\/acme\.example\.$/,
  ],
  ['a path in an origin', origins('https://acme.example/shop'), /is not an origin: write https:\/\/acme\.example\.$/],
  [
    'capital letters in an origin',
    origins('https://Acme.example'),
    /is not an origin: write https:\/\/acme\.example\.$/,
  ],
  ['a star alone', origins('*'), /may not be \*: list the origins of your pages\.$/],
  ['a star in the middle', origins('https://shop.*.example'), /only as the whole leftmost label/],
  ['a star within a label', origins('https://shop-*.acme.example'), /only as the whole leftmost label/],
  [
    'a star over a public suffix',
    origins('https://*.co.uk'),
    /would allow every site under co\.uk, which anybody can register\.$/,
  ],
  ['a star over a suffix of the whole list', origins('https://*.kobe.jp'), /would allow every site under kobe\.jp/],
  ['a star over a hosting domain', origins('https://*.github.io'), /would allow every site under github\.io/],
  ['a star with plain HTTP', origins('http://*.acme.example'), /only as the whole leftmost label of an https origin/],
  ['null as an origin', origins('null'), /may not list null: sandboxed frames/],
  ['an extra comma', origins(`${ORIGIN},`), /has an empty entry: remove the extra comma\.$/],
  ['no origin at all', origins(''), /^ALLOWED_ORIGINS is missing: list the origins/],
  ['an origin twice', origins(`${ORIGIN}, ${ORIGIN}`), /lists https:\/\/acme\.example twice: take one out\.$/],
  [
    'a page on plain HTTP',
    origins('http://acme.example'),
    /is plain HTTP, .* list its https:\/\/ origin, or set DPOP to optional\.$/,
  ],
  [
    'more origins than a variable holds',
    origins(Array.from({ length: 190 }, (_, at) => `https://shop-number-${at}.acme.example`).join(',')),
    /bytes and Cloudflare takes 5120: shorten it/,
  ],
  [
    'more origins than the Worker takes',
    origins(Array.from({ length: 201 }, (_, at) => `https://a${at}.de`).join(',')),
    /lists 201 origins; at most 200 fit\.$/,
  ],
  ['no key', secrets(KEY, ''), /^CATY_API_KEY is missing: put it into secrets\.env\.$/],
  [
    'a key with a space',
    secrets(KEY, `${KEY.slice(0, 20)} ${KEY.slice(20)}`),
    /^CATY_API_KEY must be a key as Caty shows it: .* without spaces\.$/,
  ],
  ['a key that is cut off', secrets(KEY, 'caty_0123'), /^CATY_API_KEY must be a key as Caty shows it/],
  [
    'the key of the sandbox',
    secrets(KEY, 'caty_sandbox_opens_nothing_real_00001'),
    /is the sandbox's: put the key of Caty's dashboard/,
  ],
  [
    'the same key as the next one',
    secret(`CATY_API_KEY_NEXT=${KEY}`),
    /is the same key as CATY_API_KEY: put the new key there/,
  ],
  ['a key table that is no JSON', secret("CATY_API_KEYS='{wgt_a}'"), /^CATY_API_KEYS must be JSON: /],
  [
    'a widget without its key',
    secret(`CATY_API_KEYS='{"wgt_a": ""}'`),
    /^CATY_API_KEYS \(widget wgt_a\) must be a key/,
  ],
  [
    'another name for a widget that is not there',
    async (at) => {
      await secrets(`CATY_API_KEY=${KEY}`, `CATY_API_KEYS='{"wgt_a": "${KEY}"}'`)(at)
      await variable('"WIDGET_ID": "wgt_b"')(at)
    },
    /^WIDGET_ID is another name for the widget of CATY_API_KEY, which is not set/,
  ],
  [
    'no token secrets',
    secrets(/TOKEN_SECRETS=.*/, 'TOKEN_SECRETS='),
    /^TOKEN_SECRETS is missing: must be kid:base64url\(32 random bytes\)/,
  ],
  [
    'a token secret without its name',
    secrets(/TOKEN_SECRETS=.*:/, 'TOKEN_SECRETS='),
    /^TOKEN_SECRETS entry 1 must be kid:base64url/,
  ],
  [
    'a short token secret',
    secrets(/TOKEN_SECRETS=.*/, 'TOKEN_SECRETS=k1:AAAA'),
    /^TOKEN_SECRETS entry 1 holds 3 bytes instead of 32\.$/,
  ],
  [
    'a line that is no setting',
    secret('my new key'),
    /^secrets\.env line \d+ is not NAME=value: write one secret a line\.$/,
  ],
  ['a secret twice', secret(`CATY_API_KEY=${KEY}`), /^secrets\.env sets CATY_API_KEY twice: keep one of the lines\.$/],
  [
    'a secret misspelt',
    secret('CATY_API_KEY_NXT=x'),
    /^The Worker knows no secret CATY_API_KEY_NXT: did you mean CATY_API_KEY_NEXT\?$/,
  ],
  ['a variable among the secrets', secret('DPOP=off'), /^DPOP is no secret: move it from secrets\.env to vars/],
  [
    'a line break in a secret',
    secret('CATY_WEBHOOK_SECRETS="a\\nb"'),
    /^CATY_WEBHOOK_SECRETS has white space around it or a line break in it/,
  ],
  [
    'half of Turnstile',
    variable('"TURNSTILE_SITE_KEY": "0x4AAA"'),
    /^TURNSTILE_SECRET is missing, and TURNSTILE_SITE_KEY is set: set both or none\.$/,
  ],
  [
    'secrets that others can read',
    (at) => chmod(at.file('acme', 'secrets.env'), 0o644),
    /^Others on this machine can read secrets\.env: chmod 600 /,
  ],
  [
    'no secrets on this machine',
    (at) => rm(at.file('acme', 'secrets.env')),
    /^There is no acme\/secrets\.env on this machine: make it with .* --secrets-only/,
  ],
  [
    'a secret in the tracked file',
    variable(`"CATY_API_KEY": "${KEY}"`),
    /^CATY_API_KEY stands under vars in wrangler\.jsonc, which git tracks: move it/,
  ],
  [
    'a secret in a comment of the tracked file',
    config('// From here', `// ${KEY}\n  // From here`),
    /^wrangler\.jsonc line \d+ holds a key of Caty, and git tracks that file/,
  ],
  [
    'a variable misspelt',
    variable('"ALLOWED_ORIGIN": "x"'),
    /^The Worker knows no setting ALLOWED_ORIGIN: did you mean ALLOWED_ORIGINS\?$/,
  ],
  [
    'a variable nobody knows',
    variable('"COLOUR": "blue"'),
    /^The Worker knows no setting COLOUR: docs\/settings\.md lists all of them\.$/,
  ],
  [
    'a variable that is no text',
    variable('"TOKEN_TTL": 300'),
    /^TOKEN_TTL in wrangler\.jsonc must be text: put quotes around it\.$/,
  ],
  ['a token life out of range', variable('"TOKEN_TTL": "5"'), /^TOKEN_TTL must be a whole number from 30 to 3600\.$/],
  ['a mode nobody knows', variable('"DPOP": "maybe"'), /^DPOP must be one of required, optional, off\.$/],
  [
    'an address of Caty with a path',
    config('https://api.catyai.io', 'https://api.catyai.io/v1'),
    /^CATY_API_URL must be an origin such as/,
  ],
  [
    'more messages than Caty takes',
    variable('"MESSAGES_PER_MINUTE": "60"'),
    /^MESSAGES_PER_MINUTE is 60, and Caty takes 20/,
  ],
  [
    'admin without its dashboards',
    variable('"SUPABASE_URL": "https://x.supabase.co"'),
    /^ADMIN_ORIGINS is missing, so the Admin API stays off/,
  ],
  [
    'JSON with a comma too few',
    config('"workers_dev": true,', '"workers_dev": true'),
    /^wrangler\.jsonc cannot be read: .*; mend the JSON there\.$/,
  ],
  [
    'an env section',
    config('"upload_source_maps"', '"env": {},\n  "upload_source_maps"'),
    /^wrangler\.jsonc has an env section, which drops rate limits/,
  ],
  [
    'no rate limits',
    config(/"ratelimits": \[[\s\S]*?\n {2}\],/, '"ratelimits": [],'),
    /^wrangler\.jsonc misses the rate limits TOKENS_PER_ADDRESS, BOUND_TOKENS_PER_ADDRESS, .*: run npm run tenant -- check --fix\.$/,
  ],
  [
    'no ledger',
    config(/"durable_objects": \{[\s\S]*?\n {2}\},/, '"durable_objects": { "bindings": [] },'),
    /^durable_objects in wrangler\.jsonc is not what wrangler\.toml of this version says/,
  ],
  [
    'a part that is not there',
    config(/"migrations": \[[\s\S]*?\n {2}\],/, ''),
    /^wrangler\.jsonc misses or misspells migrations/,
  ],
  [
    'an old compatibility date',
    config('2026-10-01', '2025-01-01'),
    /^compatibility_date in wrangler\.jsonc is not what/,
  ],
  ['a path of the Worker that assets would answer', config('"/token",', ''), /^assets in wrangler\.jsonc is not what/],
  [
    'another main file',
    config('edge/index.ts', 'edge/other.ts'),
    /^main in wrangler\.jsonc does not lead to edge\/index\.ts/,
  ],
  [
    'a build command',
    config('"preview_urls"', '"build": { "command": "true" },\n  "preview_urls"'),
    /^build in wrangler\.jsonc is not what wrangler\.toml of this version says/,
  ],
  [
    'a Worker that wrangler does not bundle',
    config('"minify": true', '"minify": true,\n  "no_bundle": true'),
    /^no_bundle in wrangler\.jsonc is not what/,
  ],
  [
    'two limits on one counter',
    async (at) => {
      const [, id = ''] = /"namespace_id": "(\d+)"/.exec(await at.read('acme', 'wrangler.jsonc')) ?? []
      await at.edit('acme', 'wrangler.jsonc', /(?<=BOUND_TOKENS_PER_ADDRESS",\s*"namespace_id": ")\d+/, id)
    },
    /^The rate limits TOKENS_PER_ADDRESS and BOUND_TOKENS_PER_ADDRESS share namespace_id \d+/,
  ],
  [
    'a namespace that is no number',
    config(/(?<=BOUND_TOKENS_PER_ADDRESS",\s*"namespace_id": ")\d+/, 'acme'),
    /^namespace_id of BOUND_TOKENS_PER_ADDRESS must be a whole number in quotes/,
  ],
  [
    'a period Cloudflare does not know',
    config('"period": 60', '"period": 30'),
    /must be 10 or 60 seconds: Cloudflare knows no other\.$/,
  ],
  [
    'a limit of nothing',
    config('"limit": 300', '"limit": 0'),
    /^simple\.limit of TOKENS_PER_ADDRESS must be a whole number above 0\.$/,
  ],
  [
    'the name of the project itself',
    config('"caty-acme"', '"caty-keyless"'),
    /is the project's own “caty-keyless”: give the tenant a name/,
  ],
  [
    'a Worker name that is no host name',
    config('"caty-acme"', '"Acme Shop"'),
    /must be at most 63 lower-case letters, digits and hyphens\.$/,
  ],
  [
    'a route on somebody else’s site',
    config('"workers_dev": true,', '"routes": [{ "pattern": "acme.example/chat/*" }],'),
    /must be a custom domain of its own/,
  ],
  [
    'a domain with a scheme',
    config('"workers_dev": true,', '"routes": [{ "pattern": "https://chat.acme.example", "custom_domain": true }],'),
    /must be a host name alone, as in chat\.example\.com/,
  ],
  [
    'a domain that tokens do not name',
    config('"workers_dev": true,', '"routes": [{ "pattern": "chat.acme.example", "custom_domain": true }],'),
    /^PUBLIC_URL in wrangler\.jsonc must be https:\/\/chat\.acme\.example/,
  ],
  [
    'a counter of another tenant',
    twin('wrangler.jsonc', /"namespace_id": "\d+"/),
    /shares namespace_id \d+ with the tenant other/,
  ],
  [
    'the Worker of another tenant',
    twin('wrangler.jsonc', /"name": "caty-\w+"/),
    /^The tenant other has the Worker name caty-other too/,
  ],
  [
    'the dataset of another tenant',
    twin('wrangler.jsonc', /"dataset": "\w+"/),
    /^The tenant other writes to the dataset caty_keyless_other too/,
  ],
  [
    'the token secret of another tenant',
    twin('secrets.env', /TOKEN_SECRETS=.*/),
    /^TOKEN_SECRETS has a key that the tenant other has too/,
  ],
  [
    'git tracks the secrets',
    async (at) => {
      execFileSync('git', ['init', '--quiet', at.path])
      execFileSync('git', ['-C', at.path, 'add', '--force', 'acme/secrets.env'])
    },
    /^git tracks secrets\.env: take it out with git rm --cached secrets\.env, and rotate every secret in it\.$/,
  ],
  [
    'git would add the secrets',
    async (at) => {
      execFileSync('git', ['init', '--quiet', at.path])
    },
    /^git would add secrets\.env: put the line secrets\* into \.gitignore there\.$/,
  ],
]

describe('check', () => {
  it.each(FILES)('%s', async (_mistake, spoil, sentence) => {
    const { code, sentences } = await mistakesAfter(spoil)
    expect(sentences).toEqual([expect.stringMatching(sentence)])
    expect(code).toBe(/^MESSAGES_PER_MINUTE is/.test(sentences[0] ?? '') ? 0 : 1)
    expect(sentences.join(' ')).not.toContain(KEY.slice(5, 13))
  })

  it('says nothing of a sound tenant', async () => {
    expect(await mistakesAfter(async () => {})).toEqual({ code: 0, sentences: [] })
  })

  it('mends with --fix what an upgrade changed, and keeps what is the owner’s', async () => {
    await mistakesAfter(async (at) => {
      await config('2026-10-01', '2025-01-01')(at)
      await config(
        /"ratelimits": \[[\s\S]*?\n {2}\],/,
        '"ratelimits": [{ "name": "CALLS_PER_VISITOR", "namespace_id": "7", "simple": { "limit": 55, "period": 10 } }],',
      )(at)
      await variable('"MESSAGES_PER_DAY": "77"')(at)
    })
    const fixed = await folder.run('check', 'acme', '--fix', '--json')
    expect(fixed).toMatchObject({ code: 0, json: { ok: true } })
    const text = await folder.read('acme', 'wrangler.jsonc')
    for (const kept of ['"MESSAGES_PER_DAY": "77"', '"limit": 55', ORIGIN]) expect(text).toContain(kept)
    expect(text).not.toContain('"namespace_id": "7"')
  })
})

const COMMANDS: [mistake: string, args: string[], code: number, sentence: RegExp][] = [
  ['a command nobody knows', ['deplou', 'acme'], 2, /^There is no command deplou: use one of new, check, /],
  [
    'an option nobody knows',
    ['check', '--everything'],
    2,
    /^There is no option --everything: npm run tenant -- --help/,
  ],
  ['an option of another command', ['check', 'acme', '--origins', ORIGIN], 2, /^check takes no --origins/],
  ['an option without its value', ['new', 'acme', '--origins'], 2, /^--origins needs a value: /],
  ['a value for a switch', ['check', '--all=yes'], 2, /^--all takes no value: /],
  ['no name', ['deploy'], 2, /^Name the tenant, as in npm run tenant -- check acme\.$/],
  [
    'a name with capitals',
    ['new', 'Acme', '--origins', ORIGIN],
    2,
    /is not a tenant name: use 2 to 40 lower-case letters/,
  ],
  ['a name that climbs out', ['new', '../acme', '--origins', ORIGIN], 2, /is not a tenant name/],
  ['two names', ['check', 'acme', 'other'], 2, /does not know what to do with “other”/],
  ['no origins', ['new', 'acme'], 2, /^Name the origins of the pages that carry the widget, as in --origins/],
  ['an origin with a slash', ['new', 'acme', '--origins', `${ORIGIN}/`], 1, /write https:\/\/acme\.example\.$/],
  ['a star over a public suffix', ['new', 'acme', '--origins', 'https://*.kobe.jp'], 1, /every site under kobe\.jp/],
  [
    'a widget id with a space',
    ['new', 'acme', '--origins', ORIGIN, '--widget', 'a b'],
    1,
    /^WIDGET_ID must be letters/,
  ],
  [
    'a domain with a scheme',
    ['new', 'acme', '--origins', ORIGIN, '--domain', 'https://chat.acme.example'],
    1,
    /^--domain takes a host name alone/,
  ],
  [
    'a variable nobody knows',
    ['new', 'acme', '--origins', ORIGIN, '--set', 'COLOUR=blue'],
    2,
    /^--set takes NAME=value/,
  ],
  [
    'a secret on the command line',
    ['new', 'acme', '--origins', ORIGIN, '--set', `CATY_API_KEY=${KEY}`],
    2,
    /^--set takes NAME=value with a variable/,
  ],
  [
    'a tenant that is not there',
    ['check', 'nobody'],
    1,
    /^There is no nobody\/wrangler\.jsonc: make it with npm run tenant -- new nobody\.$/,
  ],
  [
    'percentages that fall',
    ['rollout', 'acme', '--steps', '50,10,100'],
    2,
    /^--steps takes rising percentages that end with 100/,
  ],
  ['percentages without an end', ['rollout', 'acme', '--steps', '10,50'], 2, /^--steps takes rising percentages/],
  ['a wait in words', ['rollout', 'acme', '--wait', 'long'], 2, /^--wait takes whole seconds/],
  [
    'an address without a scheme',
    ['deploy', 'acme', '--url', 'chat.acme.example'],
    2,
    /^--url takes an address with its scheme/,
  ],
  ['a removal without a word', ['remove', 'acme'], 1, /^There is no tenant acme/],
]
const WITH_TENANT: [mistake: string, args: string[], code: number, sentence: RegExp][] = [
  ['a tenant that is there already', ['new', 'acme', '--origins', ORIGIN], 1, /^The tenant acme is there already/],
  ['secrets that are there already', ['new', 'acme', '--secrets-only'], 1, /secrets\.env is there already/],
  ['a rotation of nothing', ['rotate', 'acme'], 2, /^Name the secret to rotate, one of TOKEN_SECRETS/],
  ['a rotation of a variable', ['rotate', 'acme', 'DPOP'], 2, /^Name the secret to rotate/],
  [
    'a rotation of what is not set',
    ['rotate', 'acme', 'TURNSTILE_SECRET', '--stdin'],
    1,
    /^TURNSTILE_SECRET is not set in secrets\.env/,
  ],
  [
    'a new key from nowhere',
    ['rotate', 'acme', 'CATY_API_KEY'],
    2,
    /^Hand over the new CATY_API_KEY with --stdin or --from-env NAME/,
  ],
  [
    'a new key from a name that is not there',
    ['rotate', 'acme', 'CATY_API_KEY', '--from-env', 'NO_SUCH_NAME'],
    2,
    /^--from-env names NO_SUCH_NAME/,
  ],
  [
    'a new key that is none',
    ['rotate', 'acme', 'CATY_API_KEY', '--from-env', 'PATH_OF_KEY'],
    1,
    /^CATY_API_KEY_NEXT must be a key as Caty shows it/,
  ],
  [
    'a new key that is the old one',
    ['rotate', 'acme', 'CATY_API_KEY', '--from-env', 'SAME_KEY'],
    1,
    /is the one that is there already: make a new one first\.$/,
  ],
  ['a removal without a word', ['remove', 'acme'], 2, /add --yes if that is meant\.$/],
]

describe('the command line', () => {
  it.each(COMMANDS)('%s', async (_mistake, args, code, sentence) => {
    await expectRefusal(args, code, sentence)
  })

  it.each(WITH_TENANT)('%s', async (_mistake, args, code, sentence) => {
    await mistakesAfter(async () => {})
    await expectRefusal(args, code, sentence)
  })

  async function expectRefusal(args: string[], code: number, sentence: RegExp): Promise<void> {
    const ended = await folder.run(...args)
    const said = `${ended.out}\n${ended.err}`
      .split('\n')
      .map((line) => line.replace(/^\s*✗ /, ''))
      .filter((line) => line !== '' && line !== 'nobody')
    expect(said).toEqual([expect.stringMatching(sentence)])
    expect(ended.code).toBe(code)
    expect(ended.err).not.toContain(KEY.slice(5, 13))
  }

  it('writes nothing for a mistake in what a new tenant is made of', async () => {
    await folder.run('new', 'acme', '--origins', 'https://*.co.uk')
    await writeFile(folder.file('.', 'probe'), '')
    expect((await folder.run('list', '--json')).json).toMatchObject({ tenants: [] })
  })

  it('tells a script in JSON what a person reads', async () => {
    const { json, code } = await folder.run('new', 'Acme', '--json')
    expect([code, json]).toEqual([
      2,
      { ok: false, ending: 'usage', sentences: [expect.stringMatching(/is not a tenant name/)] },
    ])
  })
})
