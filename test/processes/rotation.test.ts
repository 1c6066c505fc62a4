/**
 * Every secret is changed while callers never pause, in the very steps of `npm run tenant -- rotate`, with the old and the
 * new version answering side by side after each as they do while a deploy spreads. Not one request fails.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { markOf, planRotation, ROTATABLE, type Step, VISIT_S, type Wanted } from '../../cli/tenant/rotation/plan.ts'
import { newWebhookSecret, type SecretValues } from '../../cli/tenant/secrets-file.ts'
import { Receiver } from '../support/receiver.ts'
import { type Caller, Traffic } from '../support/traffic.ts'
import { HttpVisitor, type VisitorOptions } from '../support/visitor.ts'
import { messageReceived, sendWebhook } from '../support/webhook-sender.ts'
import { Bench, newApiKey, newTokenSecret, PAGE } from '../support/worker.ts'

const [oldKey, newKey] = [newApiKey(), newApiKey()]
const bench = new Bench(`${oldKey},${newKey}`)
beforeAll(() => bench.start())
beforeEach(() => bench.control('config', { deletedKeys: [], challengeSecrets: [] }))
afterAll(() => bench.stop())

const ISSUER = 'https://chat.example'
/** Calls between two changes of who is live: each caller has been at each version several times. */
const BETWEEN = 40
const CALLERS = 6

/** Each sixth call is a message, and after three of them, what a visitor may send at once, somebody else comes. */
const MESSAGE_EVERY = 6
const CALLS_A_VISIT = 3 * MESSAGE_EVERY

/** Chats, renews, and is at another version each time. With `visits.over` it comes back as somebody new. */
function chatting(visits: { over: number }, options: VisitorOptions = {}, patient = false): Caller {
  let known: { visitor: HttpVisitor; session: string; visit: number; calls: number } | undefined
  const begin = async (edge: () => string) => {
    const visitor = await HttpVisitor.login(edge(), PAGE, ISSUER, options)
    visitor.edge = edge()
    const { body } = await visitor.call('POST', '/api/widget/session', {})
    return { visitor, session: String(Reflect.get(Object(body), 'session_id')), visit: visits.over, calls: 0 }
  }
  return async (edge, note) => {
    const goesOn = known?.visit === visits.over && known.calls < CALLS_A_VISIT
    let at = goesOn && known ? known : await begin(edge)
    const send = async (): Promise<number> => {
      at.visitor.edge = edge()
      const key = { 'Idempotency-Key': `"${randomUUID()}"` }
      const message = { session_id: at.session, message: 'When are you open?' }
      const isMessage = at.calls++ % MESSAGE_EVERY === 0
      if (!isMessage) return (await at.visitor.call('GET', '/api/widget/config')).status
      return (await at.visitor.call('POST', '/api/widget/message', message, key)).status
    }
    const status = await send()
    if (!patient || status === 200) note(status)
    else {
      // What the widget does with 401 and 404: a new token, a new session, the same call again.
      at = await begin(edge)
      note(await send())
    }
    at.visitor.edge = edge()
    const renewed = await at.visitor.renew()
    note(patient && renewed === 400 ? await at.visitor.restart() : renewed)
    known = at
  }
}

type Case = {
  secret: string
  before: SecretValues
  fresh: string
  vars?: Record<string, string>
  widget?: string
  callers: (visits: { over: number }) => Caller[]
  /** What the plan tells somebody to do elsewhere. */
  byHand?: () => Promise<unknown>
}

const deleteOldKey = (): Promise<unknown> => bench.control('config', { deletedKeys: [oldKey] })
const manyChatting = (options?: VisitorOptions) => (visits: { over: number }) =>
  Array.from({ length: CALLERS }, () => chatting(visits, options))

const SUPABASE = 'https://project.supabase.co'
const DASHBOARD = 'https://dashboard.example'
const [oldShared, newShared] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
let signingSecret = oldShared

/** Somebody at a dashboard, whose tokens are signed with whatever Supabase signs with at the time. */
const administering: Caller = async (edge, note) => {
  const now = Math.floor(Date.now() / 1000)
  const claims = { iss: `${SUPABASE}/auth/v1`, aud: 'authenticated', sub: randomUUID(), role: 'authenticated' }
  const token = await new SignJWT({ ...claims, is_anonymous: false, exp: now + 600 })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(signingSecret))
  const headers = { Origin: DASHBOARD, Authorization: `Bearer ${token}` }
  const response = await fetch(`${edge()}/api/admin/leads`, { headers })
  await response.text()
  note(response.status)
}

const solved = (): string => `solved:shop.example:${randomUUID()}`
/** Caty, which signs with what the dashboard says at the time. */
const [oldSigning, newSigning] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')]
let signing = oldSigning
const sendingEvents: Caller = async (edge, note) => {
  const status = await sendWebhook(edge(), messageReceived(`sess_${randomUUID()}`), signing)
  note(status === 202 ? 200 : (status ?? 0))
}

/** The owner's own server, which knows one secret at a time. */
const [oldTarget, newTarget] = [newWebhookSecret(), newWebhookSecret()]
const receiver = await new Receiver(oldTarget).start()
afterAll(() => receiver.stop())
const target = { WEBHOOK_TARGET_URL: receiver.url }

const [oldChallenge, newChallenge] = ['0x4AAA_old_secret', '0x4AAA_new_secret']
const table = (key: string): string => JSON.stringify({ wgt_a: key, wgt_b: { config: key, chat: key } })

const CASES: Case[] = [
  {
    secret: 'TOKEN_SECRETS',
    before: { TOKEN_SECRETS: newTokenSecret('old') },
    fresh: newTokenSecret('new'),
    callers: manyChatting(),
  },
  {
    secret: 'CATY_API_KEY',
    before: { CATY_API_KEY: oldKey },
    fresh: newKey,
    callers: manyChatting(),
    byHand: deleteOldKey,
  },
  {
    secret: 'CATY_API_KEYS',
    before: { CATY_API_KEYS: table(oldKey), CATY_API_KEY: newKey },
    fresh: newKey,
    widget: 'wgt_a',
    callers: manyChatting({ widget: 'wgt_a' }),
    byHand: deleteOldKey,
  },
  {
    secret: 'TURNSTILE_SECRET',
    before: { TURNSTILE_SECRET: oldChallenge },
    fresh: newChallenge,
    vars: { TURNSTILE_SITE_KEY: '0x4AAA_site' },
    callers: (visits) => [
      ...manyChatting({ challenge: solved })(visits),
      // Somebody new all the time: only they are challenged.
      async (edge, note) => {
        const visitor = await HttpVisitor.login(edge(), PAGE, ISSUER, { challenge: solved })
        note(visitor.token === '' ? 400 : 200)
      },
    ],
  },
  {
    secret: 'SUPABASE_JWT_SECRET',
    before: { SUPABASE_JWT_SECRET: oldShared },
    fresh: newShared,
    vars: { SUPABASE_URL: SUPABASE, ADMIN_ORIGINS: DASHBOARD },
    callers: () => Array.from({ length: CALLERS }, () => administering),
    byHand: async () => {
      signingSecret = newShared
    },
  },
  {
    secret: 'CATY_WEBHOOK_SECRETS',
    before: { CATY_WEBHOOK_SECRETS: oldSigning, WEBHOOK_TARGET_SECRET: oldTarget },
    fresh: newSigning,
    vars: target,
    callers: () => [sendingEvents, sendingEvents],
    byHand: async () => {
      signing = newSigning
    },
  },
  {
    secret: 'WEBHOOK_TARGET_SECRET',
    before: { CATY_WEBHOOK_SECRETS: newSigning, WEBHOOK_TARGET_SECRET: oldTarget },
    fresh: newTarget,
    vars: target,
    callers: () => [sendingEvents, sendingEvents],
    byHand: async () => {
      receiver.secret = newTarget
    },
  },
]

const wantedFor = ({ secret, fresh, widget }: Case, leaked: boolean): Wanted => {
  const mark = markOf(fresh)
  return { secret, fresh, widget, leaked, isNew: (value) => markOf(value) === mark }
}

/** Walks the plan under load; the statuses are what the callers were left with. */
async function rotated(
  each: Case,
  callers: (visits: { over: number }) => Caller[],
  steps: readonly Step[],
): Promise<number[]> {
  const vars = { PUBLIC_URL: ISSUER, TURNSTILE_VERIFY_URL: `${bench.sandbox}/turnstile/siteverify`, ...each.vars }
  const secrets = (values: SecretValues): Record<string, string> => ({ CATY_API_KEY: newKey, ...values })
  const visits = { over: 0 }
  let values = each.before
  // All versions share one ledger in production; here it is a folder that one process can hold, so each has its own.
  let live = await bench.worker({ ...vars, ...secrets(values) })
  const traffic = new Traffic(live.url, callers(visits))
  await traffic.more(BETWEEN)
  for (const step of steps) {
    const change = Object.entries(step.change(values)).map(([name, value]) => [name, value ?? ''])
    values = { ...values, ...Object.fromEntries(change) }
    const next = await bench.worker({ ...vars, ...secrets(values) })
    traffic.to(live.url, next.url)
    await traffic.more(BETWEEN)
    traffic.to(next.url)
    await traffic.more(BETWEEN)
    // Whoever is on the way to the old version comes back first, however busy the machine is.
    await traffic.turned()
    await live.kill()
    live = next
    if (step.wait >= VISIT_S) visits.over += 1
    if (step.byHand !== undefined) await each.byHand?.()
    await traffic.more(BETWEEN)
  }
  await traffic.stop()
  await live.kill()
  return traffic.statuses
}

describe('a secret is changed under load, and no request fails', () => {
  it.each(CASES)('$secret', { timeout: 180_000 }, async (each) => {
    if (each.secret === 'SUPABASE_JWT_SECRET') {
      await bench.control('faults', { path: '/api/admin/leads', body: { success: true, leads: [] }, times: 1_000_000 })
    }
    const statuses = await rotated(each, each.callers, planRotation(wantedFor(each, false)))
    expect(statuses.filter((status) => status !== 200)).toEqual([])
    expect(statuses.length).toBeGreaterThan(3 * BETWEEN)
    // Each delivery was signed so that the receiver could verify it, whichever secret it had at the time.
    expect(receiver.came.filter(({ verified }) => !verified)).toEqual([])
  })
})

it('every secret that can be rotated is among them', () => {
  expect(CASES.map(({ secret }) => secret).sort()).toEqual(Object.keys(ROTATABLE).sort())
})

describe('a leaked secret ends in two minutes, and the widget gets over it by itself', () => {
  it.each(CASES.filter(({ secret }) => /^(TOKEN_SECRETS|CATY_API_KEY)$/.test(secret)))(
    '$secret',
    { timeout: 180_000 },
    async (each) => {
      const patient = (visits: { over: number }) => Array.from({ length: CALLERS }, () => chatting(visits, {}, true))
      const statuses = await rotated(each, patient, planRotation(wantedFor(each, true)))
      expect(statuses.filter((status) => status !== 200)).toEqual([])
    },
  )
})

it('the load finds a rotation in the wrong order', { timeout: 180_000 }, async () => {
  const wrong: Case = {
    secret: 'TOKEN_SECRETS',
    before: { TOKEN_SECRETS: newTokenSecret('old') },
    fresh: newTokenSecret('new'),
    callers: manyChatting(),
  }
  // The new key signs at once: the version that does not know it refuses what the other one gave out.
  const statuses = await rotated(wrong, wrong.callers, planRotation(wantedFor(wrong, false)).slice(1))
  expect(statuses.filter((status) => status !== 200).length).toBeGreaterThan(0)
})
