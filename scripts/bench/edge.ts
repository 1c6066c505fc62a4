/**
 * Compares the message and config calls of the edge with a bare Worker that only adds the key and passes everything
 * on. Both run in workerd, in turns, in one run. The upstream answers after a fixed time, as a model does, only
 * faster.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as v from 'valibot'
import { bundleWorker } from '../workerd/bundle.ts'
import { type RunningWorker, runWorker } from '../workerd/run.ts'
import { cpuMs, cpuPerCall } from './cpu.ts'
import { fire, type Measured, type Shot } from './load.ts'
import { portOf, startUpstream } from './upstream.ts'

const PAGE = 'https://shop.example'
/**
 * Milliseconds until the stand-in answers. A model's reply takes a second or more, and a configuration from another
 * region about this long; a longer time would hide the costs of the edge.
 */
const UPSTREAM_MS = 100
const CALLERS = 24
const ROUNDS = 5
const MESSAGES_A_ROUND = 800
const CONFIGS_A_ROUND = 3000

const PASS_THROUGH = `export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    const { method, body } = request
    return fetch(env.CATY_API_URL + pathname, { method, body, headers: { 'X-API-Key': env.CATY_API_KEY, 'Content-Type': 'application/json' } })
  },
}
`

export type EdgeFigures = {
  message: { edge: Measured; bare: Measured }
  config: { edge: Measured; bare: Measured }
  /** Milliseconds of CPU for each call, of the whole process. */
  cpuPerMessage: number
  cpuPerConfig: number
  /** The same for a page view's token with its configuration, a visitor's bound token, a session and a preflight. */
  cpuOf: { token: number; boundToken: number; session: number; preflight: number }
}

export async function measureEdge(): Promise<EdgeFigures> {
  const bundle = bundleWorker()
  const upstream = await startUpstream(UPSTREAM_MS)
  const vars = {
    CATY_API_KEY: `caty_${randomBytes(16).toString('hex')}`,
    CATY_API_URL: `http://127.0.0.1:${portOf(upstream)}`,
    TOKEN_SECRETS: `k1:${randomBytes(32).toString('base64url')}`,
    ALLOWED_ORIGINS: PAGE,
    MESSAGES_PER_MINUTE: '10000',
    CALLS_PER_MINUTE: '1000000',
    MESSAGES_PER_VISITOR_PER_MINUTE: '600',
    MESSAGES_PER_DAY: '10000000',
    // On a slow machine the run takes longer than the five minutes of a token.
    TOKEN_TTL: '3600',
  }
  const storage = mkdtempSync(join(tmpdir(), 'caty-keyless-bench-'))
  const edge = await runWorker({ source: bundle.source, port: 18_787, vars, storage })
  const bare = await runWorker({ source: PASS_THROUGH, port: 18_788, vars })
  try {
    const visitors = await Promise.all(Array.from({ length: 300 }, () => login(edge.url)))
    const message = { edge: [] as Measured[], bare: [] as Measured[] }
    const config = { edge: [] as Measured[], bare: [] as Measured[] }
    let cpuPerMessage = 0
    let cpuPerConfig = 0
    for (let round = 0; round <= ROUNDS; round++) {
      const shots = await messageShots(edge.url, visitors, MESSAGES_A_ROUND)
      const before = cpuMs(edge)
      const [ours, theirs] = await inTurns(round, edge, shots, bare, shots.map(plain))
      // The first round warms both Workers up and is not counted.
      if (round === 0) continue
      cpuPerMessage += (cpuMs(edge) - before) / MESSAGES_A_ROUND / ROUNDS
      message.edge.push(ours)
      message.bare.push(theirs)
    }
    const token = visitors[0]?.bearer ?? ''
    const shots = Array.from({ length: CONFIGS_A_ROUND }, () => ({
      method: 'GET',
      path: '/api/widget/config',
      headers: { Origin: PAGE, Authorization: `Bearer ${token}` },
    }))
    for (let round = 0; round <= ROUNDS; round++) {
      const before = cpuMs(edge)
      const [ours, theirs] = await inTurns(round, edge, shots, bare, shots.map(plain))
      if (round === 0) continue
      cpuPerConfig += (cpuMs(edge) - before) / CONFIGS_A_ROUND / ROUNDS
      config.edge.push(ours)
      config.bare.push(theirs)
    }
    return {
      message: { edge: middle(message.edge), bare: middle(message.bare) },
      config: { edge: middle(config.edge), bare: middle(config.bare) },
      cpuPerMessage,
      cpuPerConfig,
      cpuOf: await cpuOfOthers(edge, visitors),
    }
  } finally {
    await Promise.all([edge.kill(), bare.kill()])
    upstream.close()
    upstream.closeAllConnections()
  }
}

/** Calls that the bare Worker does not have, so they are not compared. */
async function cpuOfOthers(edge: RunningWorker, visitors: readonly Caller[]): Promise<EdgeFigures['cpuOf']> {
  const form = { Origin: PAGE, 'Content-Type': 'application/x-www-form-urlencoded' }
  const body = `${tokenForm()}&include=config`
  const preflight = { Origin: PAGE, 'Access-Control-Request-Method': 'POST' }
  const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
  const proven = (path: string, shot: (visitor: Caller, DPoP: string) => Shot) =>
    Promise.all(visitors.map(async (visitor) => shot(visitor, await visitor.prove(path, path !== '/token'))))
  const bound = await proven('/token', (_, DPoP) => ({
    method: 'POST',
    path: '/token',
    headers: { ...form, DPoP },
    body,
  }))
  const path = '/api/widget/session'
  const sessions = await proven(path, ({ token }, DPoP) => ({
    method: 'POST',
    path,
    headers: { Origin: PAGE, Authorization: `DPoP ${token}`, DPoP, 'Content-Type': 'application/json' },
    body: '{}',
  }))
  return {
    token: await cpuPerCall(
      edge,
      many(2000, () => ({ method: 'POST', path: '/token', headers: form, body })),
      CALLERS,
    ),
    boundToken: await cpuPerCall(edge, bound, CALLERS),
    session: await cpuPerCall(edge, sessions, CALLERS),
    preflight: await cpuPerCall(
      edge,
      many(2000, () => ({ method: 'OPTIONS', path, headers: preflight })),
      CALLERS,
    ),
  }
}

/** Alternates which Worker goes first, so that a machine that slows down affects both. */
async function inTurns(round: number, edge: RunningWorker, ours: Shot[], bare: RunningWorker, theirs: Shot[]) {
  const second = round % 2 === 1 ? await fire(bare.url, theirs, CALLERS) : undefined
  const first = await fire(edge.url, ours, CALLERS)
  return [first, second ?? (await fire(bare.url, theirs, CALLERS))] as const
}

/** The round with the median throughput. */
function middle(rounds: Measured[]): Measured {
  const sorted = [...rounds].sort((a, b) => a.throughput - b.throughput)
  const found = sorted[Math.floor(sorted.length / 2)]
  if (!found) throw new Error('nothing was measured')
  return { ...found, failed: rounds.reduce((sum, { failed }) => sum + failed, 0) }
}

/** The same call without the headers that only the edge understands. */
const plain = ({ method, path, body }: Shot): Shot => ({
  method,
  path: path.replace('/message', '/chat/message'),
  headers: { 'Content-Type': 'application/json' },
  ...(body !== undefined && { body }),
})

type Caller = {
  token: string
  bearer: string
  session: string
  prove: (path: string, bound?: boolean) => Promise<string>
}

const tokenForm = () =>
  new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'default',
    subject_token_type: 'urn:caty:token-type:widget-id',
  })

async function login(edge: string): Promise<Caller> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  let token = ''
  const prove = (path: string, bound = token !== '') =>
    new SignJWT({
      jti: randomUUID(),
      htm: 'POST',
      htu: edge + path,
      ...(bound && { ath: createHash('sha256').update(token).digest('base64url') }),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
  const exchange = async (headers: Record<string, string>) => {
    const body = tokenForm()
    const response = await fetch(`${edge}/token`, { method: 'POST', headers: { Origin: PAGE, ...headers }, body })
    return member(await response.json(), 'access_token')
  }
  const bearer = await exchange({})
  token = await exchange({ DPoP: await prove('/token') })
  const opened = await fetch(`${edge}/api/widget/session`, {
    method: 'POST',
    headers: {
      Origin: PAGE,
      Authorization: `DPoP ${token}`,
      DPoP: await prove('/api/widget/session'),
      'Content-Type': 'application/json',
    },
    body: '{}',
  })
  return { token, bearer, prove, session: member(await opened.json(), 'session_id') }
}

const member = (value: unknown, name: string): string => String(v.parse(v.record(v.string(), v.unknown()), value)[name])

/** Makes the proofs before the measurement: a visitor's browser makes them, not the edge. */
function messageShots(edge: string, visitors: readonly Caller[], count: number): Promise<Shot[]> {
  const path = '/api/widget/message'
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const visitor = visitors[at % visitors.length]
      if (!visitor) throw new Error(`no visitor at ${edge}`)
      return {
        method: 'POST',
        path,
        headers: {
          Origin: PAGE,
          Authorization: `DPoP ${visitor.token}`,
          DPoP: await visitor.prove(path),
          'Content-Type': 'application/json',
          'Idempotency-Key': `"${randomUUID()}"`,
        },
        body: JSON.stringify({ session_id: visitor.session, message: 'When are you open on Saturday?' }),
      }
    }),
  )
}
