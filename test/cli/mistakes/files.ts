/** Mistakes that owners make in a tenant's files with an editor, and the sentence that `check` prints for each. */

import { execFileSync } from 'node:child_process'
import { chmod, rm, writeFile } from 'node:fs/promises'
import type { Clone } from '../../support/clone.ts'
import { KEY } from './typed.ts'

export type FileRow = [mistake: string, make: (clone: Clone) => Promise<unknown>, says: string]

const ORIGIN = 'https://acme.example'
const config = (from: string | RegExp, to: string) => (clone: Clone) => clone.edit('acme', 'wrangler.jsonc', from, to)
const secrets = (from: string | RegExp, to: string) => (clone: Clone) => clone.edit('acme', 'secrets.env', from, to)
const origins = (text: string) => config(`"${ORIGIN}"`, `"${text}"`)
const variable = (text: string) => config('"vars": {', `"vars": {\n    ${text},`)
const secret = (line: string) => secrets('# Signs', `${line}\n# Signs`)
const route = (json: string) => config('"workers_dev": true,', `"routes": [${json}],`)
/** Copies one line from another tenant's file. */
const asBakery = (name: 'wrangler.jsonc' | 'secrets.env', line: RegExp) => async (clone: Clone) => {
  const [theirs = ''] = line.exec(await clone.read('bakery', name)) ?? []
  await clone.edit('acme', name, line, theirs)
}
const many = (count: number, origin: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => origin(at)).join(',')

export const FILES: readonly FileRow[] = [
  [
    'an origin without a scheme',
    origins('acme.example'),
    'ALLOWED_ORIGINS entry “acme.example” needs a scheme: write https://acme.example.',
  ],
  [
    'a slash at the end of an origin',
    origins('https://acme.example/'),
    'ALLOWED_ORIGINS entry “https://acme.example/” is more than an origin: write https://acme.example.',
  ],
  [
    'a path in an origin',
    origins('https://acme.example/shop'),
    'ALLOWED_ORIGINS entry “https://acme.example/shop” is more than an origin: write https://acme.example.',
  ],
  [
    'capital letters in an origin',
    origins('https://Acme.example'),
    'ALLOWED_ORIGINS entry “https://Acme.example” must be in lower case: write https://acme.example.',
  ],
  ['a star alone', origins('*'), 'ALLOWED_ORIGINS entry “*” may not be *: list the origins of your pages.'],
  [
    'a star in the middle',
    origins('https://shop.*.example'),
    'ALLOWED_ORIGINS entry “https://shop.*.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
  ],
  [
    'a star within a label',
    origins('https://shop-*.acme.example'),
    'ALLOWED_ORIGINS entry “https://shop-*.acme.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
  ],
  [
    'a star over a public suffix',
    origins('https://*.co.uk'),
    'ALLOWED_ORIGINS entry “https://*.co.uk” would allow every site under co.uk, where anybody can register a name.',
  ],
  [
    'a star over a suffix of the whole list',
    origins('https://*.kobe.jp'),
    'ALLOWED_ORIGINS entry “https://*.kobe.jp” would allow every site under kobe.jp, where anybody can register a name.',
  ],
  [
    'a star over a hosting domain',
    origins('https://*.github.io'),
    'ALLOWED_ORIGINS entry “https://*.github.io” would allow every site under github.io, where anybody can register a name.',
  ],
  [
    'a star with plain HTTP',
    origins('http://*.acme.example'),
    'ALLOWED_ORIGINS entry “http://*.acme.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
  ],
  [
    'null as an origin',
    origins('null'),
    'ALLOWED_ORIGINS entry “null” may not be null: sandboxed frames and files of any site send it.',
  ],
  ['an extra comma', origins(`${ORIGIN},`), 'ALLOWED_ORIGINS entry 2 is empty: remove the extra comma.'],
  [
    'no origin at all',
    origins(''),
    'ALLOWED_ORIGINS is missing: list the origins of the pages that carry the widget, comma separated.',
  ],
  [
    'an origin twice',
    origins(`${ORIGIN}, ${ORIGIN}`),
    'ALLOWED_ORIGINS lists https://acme.example twice: take one out.',
  ],
  [
    'a page on plain HTTP',
    origins('http://acme.example'),
    'ALLOWED_ORIGINS entry http://acme.example is plain HTTP, where browsers have no key pairs: list its https:// origin, or set DPOP to optional.',
  ],
  [
    'more origins than a variable holds',
    origins(many(190, (at) => `https://shop-number-${at}.acme.example`)),
    'ALLOWED_ORIGINS has 6919 bytes and Cloudflare takes 5120: shorten it, or share it out over two tenants.',
  ],
  [
    'more origins than the Worker takes',
    origins(many(201, (at) => `https://a${at}.de`)),
    'ALLOWED_ORIGINS lists 201 origins; at most 200 fit.',
  ],
  ['no key', secrets(KEY, ''), 'CATY_API_KEY is missing: put it into secrets.env.'],
  [
    'a key with a space in it',
    secrets(KEY, `${KEY.slice(0, 20)} ${KEY.slice(20)}`),
    'CATY_API_KEY must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces.',
  ],
  [
    'a key that is cut off',
    secrets(KEY, 'caty_0123'),
    'CATY_API_KEY must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces.',
  ],
  [
    'the key of the sandbox',
    secrets(KEY, 'caty_sandbox_opens_nothing_real_00001'),
    "CATY_API_KEY is the sandbox's: put the key of Caty's dashboard (Settings → API Keys) there.",
  ],
  [
    'the same key as the next one',
    secret(`CATY_API_KEY_NEXT=${KEY}`),
    'CATY_API_KEY_NEXT is the same key as CATY_API_KEY: put the new key there, or take the line out.',
  ],
  [
    'a key table that is no JSON',
    secret("CATY_API_KEYS='{wgt_a}'"),
    'CATY_API_KEYS must be JSON: {"widget id": "caty_…"} or {"widget id": {"config": "caty_…", "chat": "caty_…"}}.',
  ],
  [
    'a widget without its key',
    secret(`CATY_API_KEYS='{"wgt_a": ""}'`),
    'CATY_API_KEYS entry 1 must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces.',
  ],
  [
    'another name for a widget that is not there',
    async (clone) => {
      await secrets(`CATY_API_KEY=${KEY}`, `CATY_API_KEYS='{"wgt_a": "${KEY}"}'`)(clone)
      await variable('"WIDGET_ID": "wgt_b"')(clone)
    },
    'WIDGET_ID is another name for the widget of CATY_API_KEY, which is not set: set that key, or take WIDGET_ID out.',
  ],
  [
    'no token secrets',
    secrets(/TOKEN_SECRETS=.*/, 'TOKEN_SECRETS='),
    'TOKEN_SECRETS is missing: npm run tenant -- check acme --fix makes one.',
  ],
  [
    'a token secret without its name',
    secrets(/TOKEN_SECRETS=.*:/, 'TOKEN_SECRETS='),
    'TOKEN_SECRETS entry 1 must be kid:base64url(32 random bytes), comma separated.',
  ],
  [
    'a short token secret',
    secrets(/TOKEN_SECRETS=.*/, 'TOKEN_SECRETS=k1:AAAA'),
    'TOKEN_SECRETS entry 1 holds 3 bytes instead of 32.',
  ],
  ['a line that is no setting', secret('my new key'), 'secrets.env line 6 is not NAME=value: write one secret a line.'],
  ['a secret twice', secret(`CATY_API_KEY=${KEY}`), 'secrets.env sets CATY_API_KEY twice: keep one of the lines.'],
  [
    'a secret misspelt',
    secret('CATY_API_KEY_NXT=x'),
    'The Worker knows no secret CATY_API_KEY_NXT: did you mean CATY_API_KEY_NEXT?',
  ],
  [
    'a secret that nobody knows',
    secret('STRIPE_KEY=x'),
    'The Worker knows no secret STRIPE_KEY: docs/settings.md lists all of them.',
  ],
  [
    'a variable among the secrets',
    secret('DPOP=off'),
    'DPOP is no secret: move it from secrets.env to vars in wrangler.jsonc, where it can be reviewed.',
  ],
  [
    'a line break in a secret',
    secret('CATY_WEBHOOK_SECRETS="a\\nb"'),
    'CATY_WEBHOOK_SECRETS entry 1 holds a line break: separate the entries by commas and nothing else.',
  ],
  [
    'half of Turnstile',
    variable('"TURNSTILE_SITE_KEY": "0x4AAA"'),
    'TURNSTILE_SECRET is missing, and TURNSTILE_SITE_KEY is set: set both or none.',
  ],
  [
    'secrets that others can read',
    (clone) => chmod(clone.file('acme', 'secrets.env'), 0o644),
    'Others on this machine can read secrets.env: run chmod 600 tenants/acme/secrets.env.',
  ],
  [
    'no secrets on this machine',
    (clone) => rm(clone.file('acme', 'secrets.env')),
    'There is no tenants/acme/secrets.env on this machine: make it with npm run tenant -- new acme --secrets-only, or add --without-secrets to leave the deployed ones as they are.',
  ],
  [
    'no configuration on this machine',
    (clone) => rm(clone.file('acme', 'wrangler.jsonc')),
    'There is no tenants/acme/wrangler.jsonc: get it from git, or make it anew with npm run tenant -- new acme.',
  ],
  [
    'an empty configuration',
    (clone) => writeFile(clone.file('acme', 'wrangler.jsonc'), ''),
    'wrangler.jsonc cannot be read: line 1, value expected; mend the JSON there.',
  ],
  [
    'a secret in the tracked file',
    variable(`"CATY_API_KEY": "${KEY}"`),
    'CATY_API_KEY stands under vars in wrangler.jsonc, which git tracks: move it to secrets.env, and rotate it if it was ever committed.',
  ],
  [
    'a key in a comment of the tracked file',
    config('// From here', `// ${KEY}\n  // From here`),
    'wrangler.jsonc line 14 holds a key of Caty, and git tracks that file: move it to secrets.env, and rotate it if it was ever committed.',
  ],
  [
    'a webhook secret in a comment of the tracked file',
    config('// From here', '// whsec_MDEyMzQ1Njc4OWFiY2Rl\n  // From here'),
    'wrangler.jsonc line 14 holds a webhook secret, and git tracks that file: move it to secrets.env, and rotate it if it was ever committed.',
  ],
  [
    'a variable misspelt',
    variable('"ALLOWED_ORIGIN": "x"'),
    'The Worker knows no setting ALLOWED_ORIGIN: did you mean ALLOWED_ORIGINS?',
  ],
  [
    'a variable nobody knows',
    variable('"COLOUR": "blue"'),
    'The Worker knows no setting COLOUR: docs/settings.md lists all of them.',
  ],
  ['a variable that is no text', variable('"TOKEN_TTL": 300'), 'TOKEN_TTL is not text: write its value in quotes.'],
  ['an installer that is true', variable('"INSTALLER": true'), 'INSTALLER in wrangler.jsonc must be "on" or "off".'],
  ['a token life out of range', variable('"TOKEN_TTL": "5"'), 'TOKEN_TTL must be a whole number from 30 to 3600.'],
  ['a mode nobody knows', variable('"DPOP": "maybe"'), 'DPOP must be one of required, optional, off.'],
  [
    'an address of Caty with a path',
    config('https://api.catyai.io', 'https://api.catyai.io/v1'),
    'CATY_API_URL must be an origin such as https://api.example.com, without path, query or user name.',
  ],
  [
    'more messages than Caty takes',
    variable('"MESSAGES_PER_MINUTE": "60"'),
    'MESSAGES_PER_MINUTE is 60, and Caty takes 20 unless your plan says otherwise: visitors may see its refusals.',
  ],
  [
    'a dashboard without its origins',
    variable('"SUPABASE_URL": "https://x.supabase.co"'),
    'ADMIN_ORIGINS is missing, so the Admin API stays off: list the origins of your dashboards, or take SUPABASE_URL out.',
  ],
  [
    'origins of a dashboard without its project',
    variable('"ADMIN_ORIGINS": "https://dashboard.acme.example"'),
    'SUPABASE_URL is missing, so the Admin API stays off: set it to https://<project>.supabase.co, or take ADMIN_ORIGINS out.',
  ],
  [
    'a server for webhooks that nothing comes in for',
    variable('"WEBHOOK_TARGET_URL": "https://acme.example/events"'),
    "WEBHOOK_TARGET_SECRET is missing, and WEBHOOK_TARGET_URL is set: set both or none.\nCATY_WEBHOOK_SECRETS is missing, so nothing comes in for WEBHOOK_TARGET_URL: put the signing secret of Caty's dashboard into secrets.env.",
  ],
  [
    'JSON with a comma too few',
    config('"workers_dev": true,', '"workers_dev": true'),
    'wrangler.jsonc cannot be read: line 7, comma expected; mend the JSON there.',
  ],
  [
    'JSON with a bracket too few',
    config(/\}\s*$/, ''),
    'wrangler.jsonc cannot be read: line 100, close brace expected; mend the JSON there.',
  ],
  [
    'an env section',
    config('"upload_source_maps"', '"env": {},\n  "upload_source_maps"'),
    'wrangler.jsonc has an env section, which drops rate limits and secrets silently: make a tenant of its own for each environment.',
  ],
  [
    'no rate limits',
    config(/"ratelimits": \[[\s\S]*?\n {2}\],/, '"ratelimits": [],'),
    'wrangler.jsonc misses the rate limits TOKENS_PER_ADDRESS, BOUND_TOKENS_PER_ADDRESS, CALLS_PER_VISITOR, ADMIN_CALLS: run npm run tenant -- check acme --fix.',
  ],
  [
    'no ledger',
    config(/"durable_objects": \{[\s\S]*?\n {2}\},/, '"durable_objects": { "bindings": [] },'),
    'durable_objects in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'a part that is not there',
    config(/"migrations": \[[\s\S]*?\n {2}\],/, ''),
    'wrangler.jsonc misses or misspells migrations: run npm run tenant -- check acme --fix.',
  ],
  [
    'no figures',
    config(/"analytics_engine_datasets": \[[\s\S]*?\n {2}\],/, ''),
    'The dataset METRICS is missing in wrangler.jsonc, so nothing is measured: run npm run tenant -- check acme --fix.',
  ],
  [
    'an old compatibility date',
    config('2026-10-01', '2025-01-01'),
    'compatibility_date in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'a path of the Worker that assets would answer',
    config('"/token",', ''),
    'assets in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'another main file',
    config('edge/index.ts', 'edge/other.ts'),
    'main in wrangler.jsonc does not lead to edge/index.ts: run npm run tenant -- check acme --fix.',
  ],
  [
    'another folder of assets',
    config('dist/assets', 'dist'),
    'assets.directory in wrangler.jsonc does not lead to dist/assets: run npm run tenant -- check acme --fix.',
  ],
  [
    'a build command',
    config('"preview_urls"', '"build": { "command": "true" },\n  "preview_urls"'),
    'build in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'a Worker that wrangler does not bundle',
    config('"minify": true', '"minify": true,\n  "no_bundle": true'),
    'no_bundle in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'queues that were not chosen',
    config(
      '"minify": true',
      '"minify": true,\n  "queues": { "producers": [{ "binding": "WEBHOOKS", "queue": "mine" }] }',
    ),
    'queues in wrangler.jsonc is not what this version needs: run npm run tenant -- check acme --fix.',
  ],
  [
    'two limits on one counter',
    async (clone) => {
      const [, id = ''] = /"namespace_id": "(\d+)"/.exec(await clone.read('acme', 'wrangler.jsonc')) ?? []
      await config(/(?<=BOUND_TOKENS_PER_ADDRESS",\s*"namespace_id": ")\d+/, id)(clone)
    },
    'The rate limits TOKENS_PER_ADDRESS and BOUND_TOKENS_PER_ADDRESS share namespace_id 203336160, so they share one counter: run npm run tenant -- check acme --fix.',
  ],
  [
    'a namespace that is no number',
    config(/(?<=BOUND_TOKENS_PER_ADDRESS",\s*"namespace_id": ")\d+/, 'acme'),
    'namespace_id of BOUND_TOKENS_PER_ADDRESS must be a whole number in quotes: run npm run tenant -- check acme --fix.',
  ],
  [
    'a period Cloudflare does not know',
    config('"period": 60', '"period": 30'),
    'simple.period of TOKENS_PER_ADDRESS must be 10 or 60 seconds: Cloudflare knows no other.',
  ],
  [
    'a limit of nothing',
    config('"limit": 300', '"limit": 0'),
    'simple.limit of TOKENS_PER_ADDRESS must be a whole number above 0.',
  ],
  [
    'the name of the project itself',
    config('"caty-acme"', '"caty-keyless"'),
    "name in wrangler.jsonc is the project's own “caty-keyless”: give the tenant a name that no other Worker has.",
  ],
  [
    'a Worker name that is no host name',
    config('"caty-acme"', '"Acme Shop"'),
    'name in wrangler.jsonc must be at most 63 lower-case letters, digits and hyphens.',
  ],
  [
    'the name of an account in place of its id',
    config('"main"', '"account_id": "Acme Inc.",\n  "main"'),
    'account_id in wrangler.jsonc “Acme Inc.” is not the id of a Cloudflare account: it has 32 characters, 0 to 9 and a to f, and npx wrangler whoami shows it.',
  ],
  [
    'a route on somebody else’s site',
    route('{ "pattern": "acme.example/chat/*" }'),
    'The route acme.example/chat/* in wrangler.jsonc must be a custom domain of its own ("custom_domain": true): on a path of another site the widget\'s paths do not exist.',
  ],
  [
    'a domain with a scheme',
    route('{ "pattern": "https://chat.acme.example", "custom_domain": true }'),
    'The custom domain https://chat.acme.example must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
  ],
  [
    'the domain of the page itself',
    route('{ "pattern": "acme.example", "custom_domain": true }'),
    "The custom domain acme.example is the host of a page, and the Worker would take the page's place: choose another, as in chat.acme.example.",
  ],
  [
    'a domain that tokens do not name',
    route('{ "pattern": "chat.acme.example", "custom_domain": true }'),
    'PUBLIC_URL in wrangler.jsonc must be https://chat.acme.example, the custom domain: tokens carry it as their issuer.',
  ],
  [
    'a counter of another tenant',
    asBakery('wrangler.jsonc', /"namespace_id": "\d+"/),
    'The rate limit TOKENS_PER_ADDRESS shares namespace_id 1742575919 with the tenant bakery, so they share one counter: run npm run tenant -- check acme --fix.',
  ],
  [
    'the Worker of another tenant',
    asBakery('wrangler.jsonc', /"name": "caty-\w+"/),
    'The tenant bakery has the Worker name caty-bakery too: change name in one wrangler.jsonc.',
  ],
  [
    'the dataset of another tenant',
    asBakery('wrangler.jsonc', /"dataset": "\w+"/),
    'The tenant bakery writes to the dataset caty_keyless_bakery too: run npm run tenant -- check acme --fix.',
  ],
  [
    'the domain of another tenant',
    async (clone) => {
      await route('{ "pattern": "chat.bakery.example", "custom_domain": true }')(clone)
      await variable('"PUBLIC_URL": "https://chat.bakery.example"')(clone)
    },
    'The tenant bakery has the domain chat.bakery.example too: give one of them another.',
  ],
  [
    'the token secret of another tenant',
    asBakery('secrets.env', /TOKEN_SECRETS=.*/),
    'TOKEN_SECRETS has a key that the tenant bakery has too: give this one its own with npm run tenant -- rotate acme TOKEN_SECRETS.',
  ],
  [
    'git tracks the secrets',
    async (clone) => {
      execFileSync('git', ['init', '--quiet', clone.root])
      execFileSync('git', ['-C', clone.root, 'add', '--force', 'tenants/acme/secrets.env'])
    },
    'git tracks secrets.env: take it out with git rm --cached secrets.env, and rotate every secret in it.',
  ],
  [
    'git would add the secrets',
    async (clone) => {
      execFileSync('git', ['init', '--quiet', clone.root])
      await writeFile(`${clone.root}/.gitignore`, 'node_modules/\n')
    },
    'git would add secrets.env: put the line secrets* into .gitignore there.',
  ],
]
