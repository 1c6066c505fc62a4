/** The gates that everything foreign passes first: base64url, compact JWS, origins, handles. Vectors, then thousands of inputs. */
import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64Url, encodeBase64Url } from '../../edge/base/base64url.ts'
import { originAllowed, parseOriginRules } from '../../edge/http/origin.ts'
import { verifyProof } from '../../edge/token/dpop.ts'
import { openSession, sealSession } from '../../edge/token/handle.ts'
import { MAX_JWS_CHARS, readCompactJws } from '../../edge/token/jws-gate.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { ReplayStore } from '../../edge/token/replay.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { RFC7515_A1, RFC7515_A5, RFC9449 } from '../vectors/jose.ts'
import { hash } from './client.ts'

const RUNS = { numRuns: 3000 }
const ring = new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets)

describe('base64url', () => {
  it('spells every byte string one way', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const text = encodeBase64Url(bytes)
        expect(decodeBase64Url(text)).toEqual(bytes)
        for (const other of [`${text}=`, ` ${text}`, `${text}\n`, text.replace(/-/g, '+')])
          if (other !== text) expect(decodeBase64Url(other)).toBeUndefined()
      }),
      RUNS,
    )
  })

  it('refuses left-over bits, which would be a second spelling', () => {
    expect(decodeBase64Url('AA')).toEqual(new Uint8Array([0]))
    expect(decodeBase64Url('AB')).toBeUndefined()
    expect(decodeBase64Url('A')).toBeUndefined()
  })
})

describe('the JWS gate', () => {
  it('reads what RFC 7515 prints, and refuses its unsecured example', () => {
    expect(readCompactJws(RFC7515_A1.jws)?.header).toEqual(RFC7515_A1.header)
    expect(readCompactJws(RFC7515_A5)).toBeUndefined()
  })

  it('refuses every second spelling of a token', () => {
    const [header = '', payload = '', signature = ''] = RFC7515_A1.jws.split('.')
    const spelled = [
      `${RFC7515_A1.jws}\n`,
      ` ${RFC7515_A1.jws}`,
      `${header}=.${payload}.${signature}`,
      `${header}.${payload}.${signature}=`,
      `${header} .${payload}.${signature}`,
      `${header}.${payload}.${signature}.`,
      `${header}.${payload}.${signature}.${signature}`,
      `${header}.${payload.slice(0, -1)}R.${signature}`,
      `${header}.${payload}.${signature.slice(0, -1)}l`,
      `${header}..${signature}`,
      `W10.${payload}.${signature}`,
      `bnVsbA.${payload}.${signature}`,
      `${header}.W10.${signature}`,
    ]
    for (const text of spelled) expect([text, readCompactJws(text)]).toEqual([text, undefined])
    expect(readCompactJws(`${header}.${payload}.${'A'.repeat(MAX_JWS_CHARS)}`)).toBeUndefined()
  })

  it('never throws, and lets nothing through that is not three canonical parts', () => {
    const part = fc.oneof(fc.base64String(), fc.string(), fc.constant('e30'), fc.constant(''))
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join('.')),
    )
    fc.assert(
      fc.property(text, (input) => {
        if (readCompactJws(input))
          expect(input.split('.').map((each) => decodeBase64Url(each) !== undefined)).toEqual([true, true, true])
      }),
      RUNS,
    )
  })
})

describe('the proof of RFC 9449', () => {
  const expectation = (seconds: number) => ({
    method: RFC9449.method,
    url: RFC9449.url,
    now: new Date(seconds * 1000),
    ring,
    replays: new ReplayStore(),
  })

  it('verifies at its time, with the thumbprint that the RFC prints', async () => {
    expect(await verifyProof(RFC9449.proof, expectation(RFC9449.issuedAt))).toMatchObject({
      ok: true,
      thumbprint: RFC9449.thumbprint,
    })
    expect(await hash(RFC9449.token)).toBe(RFC9449.tokenHash)
  })

  it('is stale today, and refused for another address, method or token', async () => {
    const at = expectation(RFC9449.issuedAt)
    expect(await verifyProof(RFC9449.proof, expectation(RFC9449.issuedAt + 61))).toMatchObject({ fault: 'stale' })
    expect(await verifyProof(RFC9449.proof, { ...at, method: 'GET' })).toMatchObject({ fault: 'wrong_method' })
    expect(await verifyProof(RFC9449.proof, { ...at, url: 'https://server.example.com/' })).toMatchObject({
      fault: 'wrong_url',
    })
    expect(await verifyProof(RFC9449.proof, { ...at, accessToken: RFC9449.token })).toMatchObject({
      fault: 'wrong_token_hash',
    })
  })

  it('never throws on anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect((await verifyProof(text, expectation(0))).ok).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

describe('origins', () => {
  const { rules, problems } = parseOriginRules('https://shop.example,https://*.acme.example,http://localhost:3000')

  it('takes whole origins, and subdomains of one label', () => {
    expect(problems).toEqual([])
    for (const origin of [
      'https://shop.example',
      'https://a.acme.example',
      'https://a-1.acme.example',
      'http://localhost:3000',
    ])
      expect([origin, originAllowed(origin, rules)]).toEqual([origin, true])
    for (const origin of [
      'https://acme.example',
      'https://a.b.acme.example',
      'https://.acme.example',
      'https://-a.acme.example',
      'https://evilacme.example',
      'https://a.acme.example.evil.example',
      'https://a.acme.example:444',
      'http://a.acme.example',
      'https://shop.example/',
      'https://shop.example.',
      'https://user@shop.example',
      'null',
      '',
    ])
      expect([origin, originAllowed(origin, rules)]).toEqual([origin, false])
  })

  it.each([
    ['', 'is empty'],
    ['*', 'may not be *'],
    ['null', 'may not be null'],
    ['shop.example', 'needs a scheme'],
    ['https://shop.example/', 'is more than an origin'],
    ['https://shop.example/path', 'is more than an origin'],
    ['https://shop.example?a', 'is more than an origin'],
    ['https://SHOP.example', 'must be in lower case'],
    ['https://shop.example:443', 'names the default port'],
    ['https://müller.example', 'xn-- form'],
    ['https://u:p@shop.example', 'user name'],
    ['https://', 'is not a web address'],
    ['https://*.com', 'anybody can register'],
    ['https://*.co.uk', 'anybody can register'],
    ['https://*.github.io', 'anybody can register'],
    ['https://*.workers.dev', 'anybody can register'],
    ['https://a.*.example', 'leftmost label'],
    ['https://*shop.example', 'leftmost label'],
    ['https://*', 'leftmost label'],
    ['http://*.shop.example', 'leftmost label'],
    ['ftp://shop.example', 'must start with https://'],
    ['file:///index.html', 'files have no origin'],
    ['capacitor://localhost', 'every app can send it'],
    ['ionic://localhost', 'every app can send it'],
    ['https://a.example;https://b.example', 'holds a semicolon: separate the entries by commas'],
    ['https://a.example\nhttps://b.example', 'holds a line break: separate the entries by commas'],
    ['https://a.example https://b.example', 'holds a space: separate the entries by commas'],
  ])('refuses the rule %j in one sentence', (rule, why) => {
    const parsed = parseOriginRules(rule)
    expect(parsed.rules).toEqual([])
    expect(parsed.problems).toHaveLength(1)
    expect(parsed.problems[0]).toMatch(/^entry 1 /)
    expect(parsed.problems[0]).toContain(why)
  })

  it('allows no origin that is not the listed one or exactly one label before the suffix', () => {
    const label = fc.stringMatching(/^[a-z0-9.:@/*-]{0,12}$/)
    fc.assert(
      fc.property(label, label, (before, after) => {
        for (const origin of [
          `https://${before}acme.example${after}`,
          `https://${before}.acme.example${after}`,
          `${before}https://shop.example${after}`,
        ]) {
          if (!originAllowed(origin, rules)) continue
          const { host, origin: canonical } = new URL(origin)
          expect(canonical).toBe(origin)
          expect(host === 'shop.example' || /^[a-z0-9-]+\.acme\.example$/.test(host)).toBe(true)
        }
      }),
      RUNS,
    )
  })

  it('parses any setting without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseOriginRules(text)
        expect(parsed.rules.length + parsed.problems.length).toBeGreaterThan(0)
      }),
      RUNS,
    )
  })
})

describe('session handles', () => {
  const owner = { visitor: 'vis_1', widget: 'default' }
  const seal = (id: string) => sealSession(id, owner, ring, crypto.getRandomValues(new Uint8Array(12)))

  it('open for their visitor of their widget only', async () => {
    const handle = await seal('sess_1')
    expect(await openSession(handle, owner, ring)).toBe('sess_1')
    expect(await openSession(handle, { ...owner, visitor: 'vis_2' }, ring)).toBeUndefined()
    expect(await openSession(handle, { ...owner, widget: 'other' }, ring)).toBeUndefined()
    expect(await openSession(handle, { visitor: '1', widget: 'default vis_' }, ring)).toBeUndefined()
  })

  it('never open when one letter differs, and never throw', async () => {
    const handle = await seal('sess_0123456789')
    const place = fc.nat(handle.length - 1)
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...'AZaz09-_.=+ '), async (at, letter) => {
        const altered = handle.slice(0, at) + letter + handle.slice(at + 1)
        if (altered !== handle) expect(await openSession(altered, owner, ring)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect(await openSession(text, owner, ring)).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })
})
