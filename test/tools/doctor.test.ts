/**
 * Checks of the doctor that no edge on this machine can show: TLS, distance and the limit of requests. The network is
 * injected.
 */
import { describe, expect, it } from 'vitest'
import { CHECKS } from '../../cli/doctor/checks/index.ts'
import { type Examination, examine } from '../../cli/doctor/examine.ts'
import { exitCode, verdictText } from '../../cli/doctor/report.ts'
import type { Answer, Call, TlsFacts, Wire } from '../../cli/doctor/wire.ts'

const NOW = new Date('2026-11-25T12:00:00Z')
const GOOD: TlsFacts = { protocol: 'TLSv1.3', trusted: true, fault: '', validTo: new Date('2027-01-25T12:00:00Z') }
const EDGE = 'https://chat.shop.example'

const BODIES: Record<string, string> = {
  '/health': JSON.stringify({ status: 'ok', version: '0.1.0', upstream: 'ok' }),
  '/.well-known/oauth-authorization-server': JSON.stringify({
    issuer: EDGE,
    token_endpoint: `${EDGE}/token`,
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    dpop_signing_alg_values_supported: ['ES256'],
  }),
  '/widget.js': 'customElements.define("caty-widget")',
}

/** An edge that identifies itself and allows the given origins. */
function wireTo({
  tls = GOOD,
  ms = 20,
  allowed = [] as string[],
  token = [200, {}] as readonly [number, object],
}): Wire & { calls: Call[] } {
  const received: Answer[] = []
  const calls: Call[] = []
  const send = async (call: Call): Promise<Answer> => {
    calls.push(call)
    const origin = call.headers?.Origin ?? ''
    const headers: Record<string, string> = allowed.includes(origin) ? { 'access-control-allow-origin': origin } : {}
    const [status, body] = call.path === '/token' ? token : ([200, undefined] as const)
    const text = body ? JSON.stringify(body) : (BODIES[call.path] ?? '{}')
    const answer = { call, status, headers, text, ms, at: NOW, tls }
    received.push(answer)
    return answer
  }
  return { send, received, calls, limit: 200, sent: 0, trickle: async () => ({ answer: undefined, ms: 0 }) }
}

const run = (
  wire: Wire,
  ids: string[],
  { url = EDGE, origins = ['https://shop.example'] } = {},
): Promise<Examination> =>
  examine({
    url: new URL(url),
    origins,
    widget: 'default',
    checks: CHECKS.filter(({ id }) => ids.includes(id)),
    wire,
    now: () => NOW,
    wait: async () => undefined,
    secrets: [],
    progress: () => undefined,
  })

async function findings(wire: Wire, id: string, url = EDGE): Promise<readonly string[]> {
  const examination = await run(wire, [id], { url })
  if (examination.kind === 'refused') throw new Error(examination.why)
  return examination.report.verdicts.flatMap((verdict) => verdict.findings)
}

describe('the connection', () => {
  it.each<[TlsFacts, string[]]>([
    [GOOD, []],
    [{ ...GOOD, trusted: false, fault: 'CERT_HAS_EXPIRED' }, ['the certificate is not trusted (CERT_HAS_EXPIRED)']],
    [{ ...GOOD, protocol: 'TLSv1.1' }, ['the line uses TLSv1.1']],
    [{ ...GOOD, validTo: new Date('2026-12-01T12:00:00Z') }, ['the certificate ends in 6 days']],
  ])('of %o', async (tls, expected) => {
    expect(await findings(wireTo({ tls }), 'tls')).toEqual(expected)
  })

  it('without TLS is a finding, except on this machine', async () => {
    expect(await findings(wireTo({}), 'tls', 'http://chat.shop.example')).toHaveLength(1)
    expect(await findings(wireTo({}), 'tls', 'http://localhost:8787')).toEqual([])
  })

  it('that is slow is a warning', async () => {
    expect(await findings(wireTo({ ms: 1500 }), 'latency')).toEqual(['a median of 1500 ms'])
    expect(await findings(wireTo({ ms: 900 }), 'latency')).toEqual([])
  })
})

describe('the origin of an allowed page', () => {
  it("is found among the sites of the edge's own domain", async () => {
    const wire = wireTo({ allowed: ['https://www.shop.co.uk'] })
    const examination = await run(wire, [], { url: 'https://chat.shop.co.uk', origins: [] })
    expect(examination.kind === 'report' && examination.report.origin).toBe('https://www.shop.co.uk')
  })

  it('must be given if none is found, and no attack is tried', async () => {
    const wire = wireTo({})
    const examination = await run(wire, ['origin-strangers'], { url: 'https://chat.acme.workers.dev', origins: [] })
    expect(examination.kind === 'refused' && examination.why).toContain('--origin https://shop.example')
    expect(wire.calls.every(({ method }) => method === undefined || method === 'OPTIONS')).toBe(true)
  })
})

describe('an edge that cannot be examined completely gets a reason, and no finding', () => {
  const notes = async (wire: Wire, ids: string[]) => {
    const examination = await run(wire, ids)
    if (examination.kind === 'refused') throw new Error(examination.why)
    return examination.report.verdicts.map(({ outcome, note }) => [outcome, note])
  }

  it('during maintenance', async () => {
    const token = [503, { error: 'temporarily_unavailable', code: 'MAINTENANCE' }] as const
    expect(await notes(wireTo({ token }), ['body-large', 'token-issued'])).toEqual([
      ['skipped', expect.stringContaining('gives no token just now')],
      ['skipped', expect.stringContaining('the edge gave no token')],
    ])
    expect(await notes(wireTo({ token }), ['fetch-metadata'])).toEqual([
      ['skipped', 'the edge is closed for maintenance'],
    ])
  })

  it('with DPOP off', async () => {
    const token = [200, { access_token: 'a.b.c', token_type: 'Bearer' }] as const
    expect(await notes(wireTo({ token }), ['proof-missing'])).toEqual([
      ['skipped', expect.stringContaining('DPOP is off')],
    ])
  })

  it('with a challenge', async () => {
    const token = [400, { error: 'invalid_request', challenge: { site_key: 'x' } }] as const
    expect(await notes(wireTo({ token }), ['proof-missing'])).toEqual([
      ['skipped', expect.stringContaining('Turnstile')],
    ])
  })
})

it('the report shows its severity by exit code, words and colours', async () => {
  const examination = await run(wireTo({ tls: { ...GOOD, trusted: false } }), ['tls', 'latency'])
  if (examination.kind === 'refused') throw new Error(examination.why)
  const { report } = examination
  expect(exitCode(report)).toBe(3)
  const [tls, latency] = report.verdicts
  if (!tls || !latency) throw new Error('two verdicts')
  expect(verdictText(tls, (_, words) => words)).toMatch(
    /^critical {2}The line is encrypted: not so\n {12}- .*\n {12}What to do: .*doctor\.md#tls\)$/,
  )
  expect(verdictText(latency, (colour, words) => `<${colour}>${words}`)).toMatch(/^<green>sound/)
})
