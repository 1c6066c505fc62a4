/**
 * A tenant's life at Cloudflare with wrangler's own commands against a stand-in of its API, whose versions run in
 * workerd: deploy, change of secrets, roll-out and rollback, interruption at each step, removal. Visitors chat all
 * the while.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Clone, type Ended } from '../support/clone.ts'
import { type Cloudflare, startCloudflare } from '../support/cloudflare/process.ts'
import { freePort } from '../support/free-port.ts'
import { startSandbox } from '../support/sandbox-process.ts'
import { type Caller, Traffic } from '../support/traffic.ts'
import { HttpVisitor } from '../support/visitor.ts'
import { newApiKey } from '../support/worker.ts'

const [key, nextKey] = [newApiKey(), newApiKey()]
const PAGE = 'https://acme.example'
const ISSUER = 'https://chat.acme.example'
const TIMEOUT = { timeout: 480_000 }

let cloudflare: Cloudflare
let folder: Clone
let stopSandbox: () => Promise<void>
const said: string[] = []

async function tenant(...args: string[]): Promise<Ended> {
  const ended = await folder.run(...args)
  said.push(ended.out, ended.err)
  return ended
}
const deploy = (...more: string[]) => tenant('deploy', 'acme', '--no-doctor', '--url', cloudflare.edge, ...more)
const rollout = (...more: string[]) => tenant('rollout', 'acme', '--no-doctor', '--url', cloudflare.edge, ...more)

async function worker() {
  const script = (await cloudflare.state()).scripts['caty-acme']
  if (!script) throw new Error('nothing is deployed')
  return script
}
const secretOf = async (name: string): Promise<string | undefined> =>
  (await worker()).versions.at(-1)?.bindings.find((each) => each.name === name && each.type === 'secret_text')?.text
const calls = async (method: string, end: string): Promise<number> =>
  (await cloudflare.state()).recorded.filter((call) => call.method === method && call.path.endsWith(end)).length

beforeAll(async () => {
  const port = await freePort()
  stopSandbox = await startSandbox(port, `${key},${nextKey}`)
  await fetch(`http://127.0.0.1:${port}/__sandbox/config`, {
    method: 'POST',
    body: JSON.stringify({ limits: { perMinute: 1_000_000, messagesPerMinute: 1_000_000 } }),
  })
  cloudflare = await startCloudflare()
  Object.assign(process.env, cloudflare.env)
  folder = new Clone()
  const generous = [
    'MESSAGES_PER_MINUTE=9999',
    'CALLS_PER_MINUTE=99999',
    'MESSAGES_PER_VISITOR_PER_MINUTE=600',
    'MESSAGES_PER_DAY=999999',
  ]
  const settings = [`CATY_API_URL=http://127.0.0.1:${port}`, `PUBLIC_URL=${ISSUER}`, ...generous]
  await tenant('new', 'acme', '--origins', PAGE, ...settings.flatMap((each) => ['--set', each]))
  await folder.edit('acme', 'secrets.env', 'CATY_API_KEY=', `CATY_API_KEY=${key}`)
}, 120_000)
afterAll(async () => {
  await cloudflare?.stop()
  await stopSandbox?.()
  folder?.remove()
})

/**
 * Milliseconds between two calls of a visitor: wrangler needs some of the processor, and one message in several calls
 * stays within a visitor's own limit.
 */
const MESSAGE_EVERY = 8

/** A visitor who asks and renews. `visit.over` ends the visit, as twelve hours do. */
function chatting(visit: { over: number }): Caller {
  let known: { visitor: HttpVisitor; session: string; visit: number } | undefined
  let turn = 0
  return async (edge, note) => {
    if (known?.visit !== visit.over) {
      const visitor = await HttpVisitor.login(edge(), PAGE, ISSUER)
      const { body } = await visitor.call('POST', '/api/widget/session', {})
      known = { visitor, session: String(Reflect.get(Object(body), 'session_id')), visit: visit.over }
    }
    await pause(20)
    note((await known.visitor.call('GET', '/api/widget/config')).status)
    note(await known.visitor.renew())
    if (turn++ % MESSAGE_EVERY !== 0) return
    const idempotency = { 'Idempotency-Key': `"${randomUUID()}"` }
    const message = { session_id: known.session, message: 'When are you open?' }
    note((await known.visitor.call('POST', '/api/widget/message', message, idempotency)).status)
  }
}

/** Lets visitors chat during `work`. Returns the statuses other than 200 that they got. */
async function failuresDuring(work: (visit: { over: number }, traffic: Traffic) => Promise<void>): Promise<number[]> {
  const visit = { over: 0 }
  const traffic = new Traffic(cloudflare.edge, [chatting(visit), chatting(visit)])
  await traffic.more(20)
  await work(visit, traffic).finally(() => traffic.stop())
  return traffic.statuses.filter((status) => status !== 200)
}

const hoursLater = (hours: number): void => {
  folder.now = new Date(folder.now.getTime() + hours * 3_600_000)
}

describe('a tenant at Cloudflare', () => {
  it('is not deployed if its files have a mistake, and nothing is sent', TIMEOUT, async () => {
    await folder.edit('acme', 'wrangler.jsonc', `"${PAGE}"`, `"${PAGE}/shop"`)
    expect(await deploy()).toMatchObject({ code: 1 })
    expect((await cloudflare.state()).recorded).toEqual([])
    await folder.edit('acme', 'wrangler.jsonc', `"${PAGE}/shop"`, `"${PAGE}"`)
  })

  it('starts with its secrets in the same upload, and prints the tag to paste', TIMEOUT, async () => {
    const { code, json } = await deploy('--json')
    expect(code).toBe(0)
    expect(json).toMatchObject({
      ok: true,
      url: cloudflare.edge,
      health: { status: 'ok' },
      tag: `<script async src="${cloudflare.edge}/widget.js"></script>`,
      pinned: expect.stringMatching(/integrity="sha384-[A-Za-z0-9+/]{64}" crossorigin="anonymous"/),
      csp: [`script-src ${cloudflare.edge}`, `connect-src ${cloudflare.edge}`],
    })
    const { versions } = await worker()
    expect(versions).toHaveLength(1)
    expect(await secretOf('CATY_API_KEY')).toBe(key)
  })

  it('without static assets is a finding of the doctor', TIMEOUT, async () => {
    // The stand-in's network has no static assets, so a page would get no widget.
    const { code, out, err } = await tenant('deploy', 'acme', '--url', cloudflare.edge)
    expect(code).toBe(4)
    expect(err).toMatch(/widget\.js/)
    expect(err).toMatch(/the doctor found something: see its lines above\.\n$/)
    expect(out).toContain(`acme runs at ${cloudflare.edge}`)
  })

  it('keeps its secrets when deployed from a machine that has none of them', TIMEOUT, async () => {
    expect(await deploy('--without-secrets')).toMatchObject({ code: 0 })
    expect(await secretOf('CATY_API_KEY')).toBe(key)
  })

  it('changes its token secret in twelve hours and two minutes, without a failed request', TIMEOUT, async () => {
    const ring = async (): Promise<number | undefined> => (await secretOf('TOKEN_SECRETS'))?.split(',').length
    const before = await secretOf('TOKEN_SECRETS')
    const failures = await failuresDuring(async (visit, traffic) => {
      expect(await tenant('rotate', 'acme', 'TOKEN_SECRETS')).toMatchObject({ code: 5 })
      expect(await ring()).toBe(2)
      expect((await secretOf('TOKEN_SECRETS'))?.endsWith(before ?? '?')).toBe(true)
      // A script that does not wait changes nothing.
      expect(await tenant('rotate', 'acme', 'TOKEN_SECRETS')).toMatchObject({ code: 5 })
      expect(await ring()).toBe(2)
      hoursLater(13)
      visit.over += 1
      await traffic.more(40)
      expect(await tenant('rotate', 'acme', 'TOKEN_SECRETS')).toMatchObject({ code: 0 })
    })
    expect(failures).toEqual([])
    expect(await ring()).toBe(1)
    expect(await secretOf('TOKEN_SECRETS')).not.toBe(before)
    expect(await folder.read('acme', 'secrets.env')).toContain(await secretOf('TOKEN_SECRETS'))
  })

  it('changes its key at Caty, and continues after an interruption at any step', TIMEOUT, async () => {
    process.env.NEW_CATY_KEY = nextKey
    const rotate = () => tenant('rotate', 'acme', 'CATY_API_KEY', '--from-env', 'NEW_CATY_KEY')
    const failures = await failuresDuring(async () => {
      // The version is made, and giving it traffic fails: the next run gives traffic to the same version.
      await cloudflare.fail('POST', '/deployments', 9)
      expect(await rotate()).toMatchObject({ code: 3 })
      const made = (await worker()).versions.length
      await cloudflare.heal()
      expect(await rotate()).toMatchObject({ code: 5, out: expect.stringContaining('delete the old key') })
      // The first step used the version that existed; the second step made one more.
      expect((await worker()).versions.length).toBe(made + 1)
      expect([await secretOf('CATY_API_KEY'), await secretOf('CATY_API_KEY_NEXT')]).toEqual([nextKey, key])
      expect(await rotate()).toMatchObject({ code: 0 })
    })
    expect(failures).toEqual([])
    expect([await secretOf('CATY_API_KEY'), await secretOf('CATY_API_KEY_NEXT')]).toEqual([nextKey, undefined])
  })

  it('is rolled out in parts, each one checked, and rolled back', TIMEOUT, async () => {
    const before = (await worker()).deployments[0]?.versions[0]?.version_id
    const failures = await failuresDuring(async () => {
      expect(await rollout('--steps', '25,100', '--wait', '20')).toMatchObject({ code: 0 })
    })
    expect(failures).toEqual([])
    const after = (await worker()).versions.at(-1)?.id
    const all = (await worker()).deployments.map(({ versions }) => versions.map((each) => each.percentage).join(' '))
    // wrangler repeats a deployment if a connection breaks; the second one changes nothing.
    const shares = all.reverse().filter((share, at) => share !== all[at - 1])
    expect(shares.slice(-3)).toEqual(['100 0', '75 25', '100'])
    expect((await worker()).deployments[0]?.versions[0]?.version_id).toBe(after)
    expect(await failuresDuring(async () => void (await tenant('rollback', 'acme')))).toEqual([])
    expect((await worker()).deployments[0]?.versions).toEqual([{ version_id: before, percentage: 100 }])
  })

  it('rolls back by itself if the new version fails its check, before any visitor reaches it', TIMEOUT, async () => {
    expect(await deploy()).toMatchObject({ code: 0 })
    const good = (await worker()).deployments[0]?.versions
    await folder.edit('acme', 'secrets.env', nextKey, newApiKey())
    const failures = await failuresDuring(async () => {
      const { code, err } = await rollout()
      expect(code).toBe(4)
      expect(err).toMatch(/Caty refuses its key: .*\n.*Everybody is back on version/)
    })
    expect(failures).toEqual([])
    expect((await worker()).deployments[0]?.versions).toEqual(good)
  })

  it('is not rolled out or deployed if its key ring was changed by hand', TIMEOUT, async () => {
    const uploads = await calls('POST', '/versions')
    await folder.edit('acme', 'secrets.env', /TOKEN_SECRETS=\w+/, 'TOKEN_SECRETS=byhand')
    for (const ended of [await rollout(), await deploy()]) {
      expect(ended).toMatchObject({
        code: 1,
        err: expect.stringMatching(/change it with npm run tenant -- rotate acme/),
      })
    }
    expect(await calls('POST', '/versions')).toBe(uploads)
  })

  it('is removed with its files', TIMEOUT, async () => {
    expect(await tenant('remove', 'acme', '--yes')).toMatchObject({ code: 0 })
    expect((await cloudflare.state()).scripts).toEqual({})
    expect((await tenant('list', '--json')).json).toMatchObject({ tenants: [] })
  })

  it('prints no secret in any command', () => {
    for (const secret of [key, nextKey]) expect(said.join('\n')).not.toContain(secret.slice(5, 13))
  })
})
