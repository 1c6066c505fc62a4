/**
 * Three Workers side by side in one workerd, made in a clean folder, each with its own configuration and the bundle
 * that a deploy would upload: credentials and limits of one tenant mean nothing to another.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import { parseSecrets, withSecrets } from '../../cli/tenant/secrets-file.ts'
import { Clone } from '../support/clone.ts'
import { freePort } from '../support/free-port.ts'
import { A_MINUTE_MORE, withinOneMinute } from '../support/one-minute.ts'
import { startSandbox } from '../support/sandbox-process.ts'
import { HttpVisitor } from '../support/visitor.ts'
import { messageReceived } from '../support/webhook-sender.ts'
import { newApiKey } from '../support/worker.ts'

/** The secret that Caty signs with for the tenant that receives webhooks. */
const SIGNING = randomBytes(24).toString('hex')

/** What an owner types after the name and puts into the file of secrets. */
const TENANTS = {
  pair: {
    options: ['--widget', 'wgt_a', '--widget', 'wgt_b'],
    secrets: (key: string) => ({ CATY_API_KEYS: JSON.stringify({ wgt_a: key, wgt_b: key }) }),
  },
  full: {
    options: [
      '--admin=https://project.supabase.co',
      '--admin-origins=https://dashboard.full.example',
      '--webhook-target=https://full.example/events',
    ],
    secrets: (key: string) => ({ CATY_API_KEY: key, CATY_WEBHOOK_SECRETS: SIGNING }),
  },
  plain: { options: [], secrets: (key: string) => ({ CATY_API_KEY: key }) },
} as const
type Name = keyof typeof TENANTS
const NAMES: readonly Name[] = ['pair', 'full', 'plain']
const pageOf = (name: Name): string => `https://${name}.example`
const edgeOf = (name: Name): string => `https://chat.${name}.example`

/** Milliseconds for three complete builds on a busy machine. */
const SETUP_MS = 240_000

let clone: Clone
let harness: TestHarness
const stops: (() => Promise<void>)[] = []
const said: string[] = []
const keys = new Map<Name, string>()

const tenant = async (...args: string[]): Promise<void> => {
  const { code, out, err } = await clone.run(...args)
  if (code !== 0) throw new Error(err)
  said.push(out, err)
}

async function makeTenant(name: Name): Promise<void> {
  const { options, secrets } = TENANTS[name]
  const [port, key] = [await freePort(), newApiKey()]
  keys.set(name, key)
  stops.push(await startSandbox(port, key))
  const settings = ['--set', `CATY_API_URL=http://127.0.0.1:${port}`, '--set', 'MESSAGES_PER_DAY=3']
  await tenant('new', name, '--origins', pageOf(name), '--domain', `chat.${name}.example`, ...settings, ...options)
  await writeFile(clone.file(name, 'secrets.env'), withSecrets(await clone.read(name, 'secrets.env'), secrets(key)))
  await tenant('check', name)
  await tenant('deploy', name, '--dry-run', '--outdir', clone.file(name, 'built'))
}

const secretsOf = async (name: Name): Promise<Record<string, string>> =>
  parseSecrets(await clone.read(name, 'secrets.env')).values

beforeAll(async () => {
  clone = new Clone()
  for (const name of NAMES) await makeTenant(name)
  harness = createTestHarness({
    workers: await Promise.all(
      NAMES.map(async (name) => ({
        configPath: clone.file(name, 'wrangler.jsonc'),
        prebuiltWorkerDir: clone.file(name, 'built'),
        secrets: await secretsOf(name),
      })),
    ),
  })
  await harness.listen()
}, SETUP_MS)
afterAll(async () => {
  await harness?.close()
  await Promise.all(stops.map((stop) => stop()))
  clone?.remove()
})

/** A client of one Worker with one network address. */
const through =
  (name: Name, address: string) =>
  async (url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> => {
    const form = body instanceof URLSearchParams ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
    const answer = await harness.getWorker(`caty-${name}`).fetch(url, {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), ...form, 'cf-connecting-ip': address },
      ...(body !== undefined && body !== null && { body: String(body) }),
    })
    return new Response((await answer.text()) || null, { status: answer.status, headers: [...answer.headers] })
  }

const visitor = (name: Name, widget = 'default', address = '192.0.2.1'): Promise<HttpVisitor> =>
  HttpVisitor.login(edgeOf(name), pageOf(name), edgeOf(name), { fetch: through(name, address), widget })

const member = (value: unknown, name: string): string => String(Reflect.get(Object(value), name))

async function messages(who: HttpVisitor, many: number): Promise<number[]> {
  const { body } = await who.call('POST', '/api/widget/session', {})
  const statuses = []
  for (let turn = 0; turn < many; turn++) {
    const message = { session_id: member(body, 'session_id'), message: `Question ${turn}` }
    statuses.push((await who.call('POST', '/api/widget/message', message, { 'Idempotency-Key': `"${turn}"` })).status)
  }
  return statuses
}

describe('three tenants side by side', () => {
  it('answer only their own page', async () => {
    for (const name of NAMES) {
      for (const page of NAMES) {
        const response = await through(name, '192.0.2.9')(`${edgeOf(name)}/api/widget/config`, {
          method: 'OPTIONS',
          headers: { Origin: pageOf(page), 'Access-Control-Request-Method': 'GET' },
        })
        expect([name, page, response.status]).toEqual([name, page, name === page ? 204 : 403])
      }
    }
  })

  it('refuse the tokens of each other', async () => {
    for (const name of NAMES) {
      const widget = name === 'pair' ? 'wgt_a' : 'default'
      const own = await visitor(name, widget)
      expect((await own.call('GET', '/api/widget/config')).status).toBe(200)
      for (const other of NAMES.filter((each) => each !== name)) {
        // Everything that a thief could forge is right: the other page's origin, and a proof for the other address.
        const thief = await visitor(other, other === 'pair' ? 'wgt_a' : 'default')
        thief.token = own.token
        expect((await thief.call('GET', '/api/widget/config')).status).toBe(401)
        expect(await thief.renew()).toBe(400)
      }
    }
  })

  it('serve two widgets separately and refuse an unknown third', async () => {
    for (const widget of ['wgt_a', 'wgt_b']) {
      expect((await (await visitor('pair', widget)).call('GET', '/api/widget/config')).status).toBe(200)
    }
    expect(await (await visitor('pair', 'wgt_c')).restart()).toBe(400)
  })

  it('offer the Admin API only if the tenant turned it on', async () => {
    const asked = async (name: Name): Promise<unknown> => {
      const headers = { Origin: 'https://dashboard.full.example' }
      const response = await through(name, '192.0.2.9')(`${edgeOf(name)}/api/admin/conversations`, { headers })
      return [response.status, member(await response.json(), 'code')]
    }
    const [on, off] = [await asked('full'), await asked('plain')]
    expect(on).toEqual([401, expect.anything()])
    expect(off).not.toEqual(on)
  })

  it('accept webhooks only if the tenant turned them on, and only with its own secret', async () => {
    const body = messageReceived('sess_1')
    const send = async (name: Name, secret: string): Promise<number> => {
      const signature = createHmac('sha256', secret).update(body).digest('hex')
      const headers = { 'Content-Type': 'application/json', 'X-Caty-Signature': `sha256=${signature}` }
      const response = await through(name, '192.0.2.9')(`${edgeOf(name)}/webhooks/caty`, {
        method: 'POST',
        headers,
        body,
      })
      return response.status
    }
    expect(await send('full', SIGNING)).toBe(202)
    expect(await send('full', 'another secret of somebody')).toBe(401)
    for (const name of ['pair', 'plain'] as const) expect(await send(name, SIGNING)).toBe(503)
  })

  it('limit a network address at one tenant only', { timeout: A_MINUTE_MORE }, async () => {
    const address = '192.0.2.77'
    const { tokens, next } = await withinOneMinute(async () => {
      const crowd = Array.from({ length: 31 }, () => visitor('plain', 'default', address))
      const tokens = (await Promise.all(crowd)).filter(({ token }) => token !== '')
      return { tokens, next: await (await visitor('plain', 'default', address)).restart() }
    })
    expect(tokens).toHaveLength(30)
    expect(next).toBe(429)
    expect((await visitor('full', 'default', address)).token).not.toBe('')
    expect((await visitor('pair', 'wgt_a', address)).token).not.toBe('')
  })

  it('use up the daily quota of one tenant only', async () => {
    expect(await messages(await visitor('plain', 'default', '192.0.2.2'), 4)).toEqual([200, 200, 200, 429])
    expect(await messages(await visitor('full', 'default', '192.0.2.2'), 3)).toEqual([200, 200, 200])
    expect(await messages(await visitor('pair', 'wgt_a', '192.0.2.2'), 3)).toEqual([200, 200, 200])
  })

  it('print and track no secret on the way', async () => {
    for (const name of NAMES) {
      const tracked = await clone.read(name, 'wrangler.jsonc')
      const built = await clone.read(name, 'built/index.js')
      const values = [...Object.values(await secretsOf(name)), keys.get(name) ?? ''].filter((value) => value !== '')
      for (const value of values) {
        for (const text of [...said, tracked, built]) expect(text).not.toContain(value.slice(-12))
      }
    }
  })
})
