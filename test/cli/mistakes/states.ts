/** Commands that find something unfinished, a file in the way, or an error from Cloudflare. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import type { Clone } from '../../support/clone.ts'
import { KEY } from './typed.ts'

export type StateRow = [
  mistake: string,
  make: (clone: Clone) => Promise<unknown>,
  typed: string,
  code: number,
  says: string,
]

const VERSION = '0f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a90'
const OTHER = '1f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a91'

const remembered = (state: object) => (clone: Clone) =>
  writeFile(clone.file('acme', 'state.json'), JSON.stringify(state))
const rotating = (secret: string) => remembered({ rotation: { secret, leaked: false, done: 1, mark: 'abc' } })
const rollingOut = remembered({ rollout: { from: VERSION, to: OTHER, steps: [10, 100], done: 1 } })
/** Makes wrangler exit with 1 and print this. */
const wrangler = (said: string) => async (clone: Clone) => {
  clone.wrangler = async () => ({ code: 1, stdout: '', said })
}
/** Makes wrangler answer every question with this JSON. */
const answering = (json: unknown) => async (clone: Clone) => {
  clone.wrangler = async () => ({ code: 0, stdout: JSON.stringify(json), said: '' })
}
const DEPLOY = 'deploy acme --no-doctor'

export const STATES: readonly StateRow[] = [
  [
    'a deploy in the middle of a roll-out',
    rollingOut,
    DEPLOY,
    1,
    'A roll-out of acme is under way: finish it with npm run tenant -- rollout acme, or undo it with npm run tenant -- rollback acme.',
  ],
  [
    'a deploy in the middle of a rotation',
    rotating('CATY_API_KEY'),
    DEPLOY,
    1,
    'A rotation of CATY_API_KEY is under way: finish it first with npm run tenant -- rotate acme CATY_API_KEY.',
  ],
  [
    'a deploy over a ring that was changed by hand',
    remembered({ version: VERSION, rings: { [VERSION]: ['k1'] } }),
    DEPLOY,
    1,
    'TOKEN_SECRETS in secrets.env is not the ring that is deployed: put it back and change it with npm run tenant -- rotate acme TOKEN_SECRETS, then go on.',
  ],
  [
    'a roll-out in the middle of a rotation',
    rotating('TOKEN_SECRETS'),
    'rollout acme',
    1,
    'A rotation of TOKEN_SECRETS is under way: finish it first with npm run tenant -- rotate acme TOKEN_SECRETS.',
  ],
  [
    'a rotation in the middle of a roll-out',
    rollingOut,
    'rotate acme TOKEN_SECRETS',
    1,
    'A roll-out of acme is under way: finish it with npm run tenant -- rollout acme, or undo it with npm run tenant -- rollback acme.',
  ],
  [
    'a second rotation in the middle of one',
    rotating('CATY_API_KEY'),
    'rotate acme TOKEN_SECRETS',
    1,
    'A rotation of CATY_API_KEY is under way: finish it first with npm run tenant -- rotate acme CATY_API_KEY.',
  ],
  [
    'a deploy with a mistake in a file',
    (clone) => clone.edit('acme', 'secrets.env', KEY, ''),
    DEPLOY,
    1,
    'CATY_API_KEY is missing: put it into secrets.env.',
  ],
  [
    'a deploy without the secrets',
    (clone) => rm(clone.file('acme', 'secrets.env')),
    DEPLOY,
    1,
    'There is no tenants/acme/secrets.env on this machine: make it with npm run tenant -- new acme --secrets-only, or add --without-secrets to leave the deployed ones as they are.',
  ],
  [
    'a rotation without the secrets',
    (clone) => rm(clone.file('acme', 'secrets.env')),
    'rotate acme TOKEN_SECRETS',
    1,
    'There is no tenants/acme/secrets.env on this machine: make it with npm run tenant -- new acme --secrets-only, or add --without-secrets to leave the deployed ones as they are.',
  ],
  [
    'secrets alone beside a broken configuration',
    async (clone) => {
      await rm(clone.file('acme', 'secrets.env'))
      await writeFile(clone.file('acme', 'wrangler.jsonc'), '{')
    },
    'new acme --secrets-only',
    1,
    'tenants/acme/wrangler.jsonc cannot be read: npm run tenant -- check acme says why.',
  ],
  [
    'a folder in place of the secrets',
    async (clone) => {
      await rm(clone.file('acme', 'secrets.env'))
      await mkdir(clone.file('acme', 'secrets.env'))
    },
    'check acme',
    1,
    'tenants/acme/secrets.env cannot be used: it is a folder, and a file is meant there.',
  ],
  [
    'a file in place of the folder of a tenant',
    (clone) => writeFile(clone.file('.', 'shop'), ''),
    'new shop --origins https://shop.example',
    1,
    'tenants/shop cannot be used: a file stands where a folder is meant.',
  ],
  [
    'a check where there are no tenants',
    async () => {},
    'check --folder nowhere',
    1,
    'There are no tenants here: make one with npm run tenant -- new acme --origins https://acme.example.',
  ],
  [
    'a deploy where there are no tenants',
    async () => {},
    'deploy acme --folder nowhere',
    1,
    'There is no tenant acme: make it with npm run tenant -- new acme.',
  ],
  [
    'nobody is logged in',
    wrangler(
      '\u2718 [ERROR] In a non-interactive environment, it is necessary to set a CLOUDFLARE_API_TOKEN environment variable for wrangler to work.',
    ),
    DEPLOY,
    3,
    'Cloudflare does not know who you are: run npx wrangler login, or set CLOUDFLARE_API_TOKEN for a script.',
  ],
  [
    'a token without the right',
    wrangler(
      '\u2718 [ERROR] A request to the Cloudflare API (/accounts/0123/workers) failed.\n\n  Authentication error [code: 10000]',
    ),
    DEPLOY,
    3,
    'Cloudflare refuses this login or token: run npx wrangler login again, or make a token from the template “Edit Cloudflare Workers”.',
  ],
  [
    'a login with two accounts',
    wrangler('\u2718 [ERROR] More than one account available but unable to select one in non-interactive mode.'),
    DEPLOY,
    3,
    'Your login has more than one Cloudflare account: put "account_id" into wrangler.jsonc (npx wrangler whoami shows the ids), or set CLOUDFLARE_ACCOUNT_ID.',
  ],
  [
    'no network',
    wrangler('\u2718 [ERROR] fetch failed\n\n  getaddrinfo ENOTFOUND api.cloudflare.com'),
    DEPLOY,
    3,
    'Cloudflare cannot be reached from this machine: look at the network or the proxy, and run the same again.',
  ],
  [
    'an account without a workers.dev name',
    wrangler('\u2718 [ERROR] You need to register a workers.dev subdomain before publishing to workers.dev'),
    DEPLOY,
    3,
    'Your Cloudflare account has no workers.dev name yet: open Workers & Pages in its dashboard once, or give the tenant a domain of yours.',
  ],
  [
    'a package that is not installed',
    wrangler(
      '\u2718 [ERROR] Build failed with 1 error:\n\n\u2718 [ERROR] Could not resolve "hono"\n\n    edge/index.ts:4:21:\n      4 │ import { Hono } from \'hono\'',
    ),
    DEPLOY,
    3,
    'wrangler could not bundle the Worker, because hono is not installed: run npm ci first.',
  ],
  [
    'a module that node does not find',
    wrangler(
      "node:internal/modules/cjs/loader:1478\n  throw err;\n  ^\n\nError: Cannot find module '/shop/node_modules/wrangler/bin/wrangler.js'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1475:15)\n    at node:internal/main/run_main_module:33:47 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v24.21.0",
    ),
    DEPLOY,
    3,
    "wrangler deploy failed: Cannot find module '/shop/node_modules/wrangler/bin/wrangler.js'.",
  ],
  ['a wrangler that says nothing', wrangler(''), DEPLOY, 3, 'wrangler deploy failed: it gave no reason.'],
  [
    'a wrangler that names the key',
    wrangler(`\u2718 [ERROR] ${KEY} is too short`),
    DEPLOY,
    3,
    'wrangler deploy failed: [secret] is too short.',
  ],
  [
    'a deploy that does not say its version',
    answering({}),
    DEPLOY,
    3,
    'wrangler deploy ended without saying which version it made: look at npx wrangler versions list.',
  ],
  [
    'a wrangler of another time',
    answering({ deployments: 1 }),
    'rollback acme',
    3,
    'wrangler deployments status gave an answer that this tool cannot read.',
  ],
  [
    'a way back where nothing was deployed',
    wrangler(
      '\u2718 [ERROR] A request to the Cloudflare API failed.\n\n  This Worker does not exist on your account. [code: 10007]',
    ),
    'rollback acme',
    3,
    'Nothing of acme is deployed yet: begin with npm run tenant -- deploy acme.',
  ],
  [
    'a roll-out where nothing was deployed',
    wrangler(
      '\u2718 [ERROR] A request to the Cloudflare API failed.\n\n  This Worker does not exist on your account. [code: 10007]',
    ),
    'rollout acme',
    3,
    'Nothing of acme is deployed yet: begin with npm run tenant -- deploy acme.',
  ],
  [
    'a new ledger by parts',
    wrangler('\u2718 [ERROR] There is a pending Durable Object migration'),
    'rollback acme',
    3,
    'This version changes how the ledger is stored, which Cloudflare cannot do by parts: use npm run tenant -- deploy acme.',
  ],
  [
    'a way back where there is one version',
    async (clone) => {
      clone.wrangler = async (args) => ({
        code: 0,
        said: '',
        stdout: JSON.stringify(args.includes('status') ? ONE : [ONE]),
      })
    },
    'rollback acme',
    1,
    'There is no earlier version to go back to: npx wrangler versions list shows what there is.',
  ],
  [
    'a roll-out while two versions share the traffic',
    answering({
      versions: [
        { version_id: VERSION, percentage: 50 },
        { version_id: OTHER, percentage: 50 },
      ],
    }),
    'rollout acme',
    1,
    'Two versions share the traffic: finish that roll-out or roll it back first.',
  ],
]

const ONE = { created_on: '2026-11-01', versions: [{ version_id: VERSION, percentage: 100 }] }
