/** What the token endpoint gives, to whom and for how long; and tokens that nobody issued. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { cacheControl, hasDirective, jwtPart, member, refusedWith, Skipped, text } from '../answers.ts'
import type { Check } from '../check.ts'
import { ACCESS_TOKEN_TYPE, Visitor } from '../visitor.ts'

/** Seconds; the setting TOKEN_TTL goes no further. */
const MAX_LIFE_S = 3600
const COMPARE = 'Compare the deployed version with a build of your own'
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The tricks of RFC 8725 and of the field, each as a token made from a real one. */
async function forgeries(token: string): Promise<[why: string, token: string][]> {
  const [head = '', body = '', signature = ''] = token.split('.')
  const [header, claims] = [jwtPart(token, 0), jwtPart(token, 1)]
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const hs256 = (key: string, change: object = {}) =>
    new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256', ...change }).sign(new TextEncoder().encode(key))
  const es256 = (change: object) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...change }).sign(privateKey)
  return [
    ['with another signature', `${head}.${body}.${flipped}`],
    ['without a signature', `${head}.${body}.`],
    ['of alg none', `${encode({ ...header, alg: 'none' })}.${body}.`],
    ['of alg None with a signature', `${encode({ ...header, alg: 'None' })}.${body}.${signature}`],
    ['with more scope', `${head}.${encode({ ...claims, scope: 'config track chat lead' })}.${signature}`],
    ['with a later end', `${head}.${encode({ ...claims, exp: Number(claims.exp) + 86_400 })}.${signature}`],
    ['signed with a common secret', await hs256('secret')],
    ['of an unknown key', await hs256('secret', { kid: 'no-such-key' })],
    ['that names a file as its key', await hs256('\0', { kid: '../../../dev/null' })],
    ['that brings its own key', await es256({ jwk: await exportJWK(publicKey) })],
    ['that names its key by URL', await es256({ jku: 'https://stranger.example/keys' })],
    ['of another type', `${encode({ ...header, typ: 'JWT' })}.${body}.${signature}`],
    ['spelled with padding', `${head}.${body}.${signature}=`],
    ['of 9 KB', `${head}.${encode({ ...claims, filler: 'x'.repeat(6700) })}.${signature}`],
    ['that is none', 'a.b.c'],
  ]
}

export const tokenChecks: Check[] = [
  {
    id: 'metadata',
    title: 'The metadata names this edge',
    severity: 'serious',
    advice:
      'Set PUBLIC_URL to the address that visitors use, or leave it out; both must be the same host (RFC 8414 section 3.3).',
    async run({ facts: { metadata: said, url, issuer } }, found) {
      const weak = said.dpop_signing_alg_values_supported.filter((name) => !/^(ES|PS|EdDSA|Ed25519)/.test(name))
      const methods = said.token_endpoint_auth_methods_supported.filter((method) => method !== 'none')
      if (said.issuer !== url.origin) found.add(`the issuer is ${said.issuer}, and this is ${url.origin}`)
      else found.when(said.issuer !== issuer, `the issuer is ${said.issuer}, and its tokens say ${issuer}`)
      const endpoint = said.token_endpoint
      found.when(endpoint !== `${said.issuer}/token`, `the token endpoint is ${endpoint}`)
      found.when(weak.length > 0, `proofs may be signed with ${weak.join(', ')}`)
      found.when(methods.length > 0, `clients may authenticate by ${methods.join(', ')}`)
    },
  },
  {
    id: 'token-issued',
    title: 'A token for an allowed page is short-lived, narrow and not cached',
    severity: 'serious',
    advice: 'Set DPOP to required and TOKEN_TTL to 300, and put no cache in front of /token.',
    async run(edge, found) {
      const { origin, issuer } = edge.facts
      const answer = await edge.token()
      if (answer.status !== 200) {
        found.unless(answer, [503], `no token for ${origin}`)
        throw new Skipped(`the edge gives no token just now (status ${answer.status})`)
      }
      const token = text(member(answer, 'access_token'))
      const [{ typ, alg }, claims] = [jwtPart(token, 0), jwtPart(token, 1)]
      const life = Number(claims.exp) - Number(claims.iat)
      const said = member(answer, 'expires_in')
      const wide = text(member(answer, 'scope'))
        .replaceAll(/\b(config|track)\b/g, '')
        .trim()
      found.when(!hasDirective(answer, 'no-store'), `it may be cached: ${cacheControl(answer)}`)
      found.when(typ !== 'at+jwt' || alg === 'none', `its header is typ ${typ}, alg ${alg}`)
      found.when(claims.iss !== issuer || claims.org !== origin, `it is for ${claims.org} by ${claims.iss}`)
      found.when(!(life > 0 && life <= MAX_LIFE_S), `it lives ${life} s`)
      found.when(said !== life, `it lives ${life} s, and expires_in says ${said}`)
      found.when(wide !== '', `without a key it carries ${wide}: a copied token chats`)
      return `lives ${life} s`
    },
  },
  {
    id: 'token-escalation',
    title: 'Nobody gets more than they may have',
    severity: 'critical',
    advice: 'Set DPOP to required. If it is, compare the deployed version with a build of your own.',
    async run(edge, found) {
      const { visitors } = edge.facts
      const renewed = { subject_token_type: ACCESS_TOKEN_TYPE, scope: 'chat' }
      const tries: [why: string, change: Record<string, string>][] = [
        ['chat without a key', { scope: 'config track chat' }],
        ['lead without a key', { scope: 'lead' }],
        ['a scope that does not exist', { scope: 'config admin' }],
        ['a widget that is not here', { subject_token: 'wgt_of_somebody_else' }],
        ['another audience', { audience: 'https://stranger.example' }],
        ['another client', { client_id: 'wgt_of_somebody_else' }],
        ['another grant', { grant_type: 'client_credentials' }],
        ['chat for a token without a key', { ...renewed, subject_token: await visitors.bearer() }],
      ]
      for (const [why, change] of tries) {
        found.unless(await edge.token(change), [400, 401], `a request for ${why} is not refused with 400`)
      }
      const narrow = await visitors.another({ scope: 'config' })
      const wider = await narrow.exchange({ ...renewed, subject_token: narrow.token })
      found.when(wider.status === 200, 'a token for config is renewed to one for chat')
      refusedWith(wider, 400)
      return `${tries.length + 1} ways tried`
    },
  },
  {
    id: 'token-renewal',
    title: 'A bound token renews only for its key',
    severity: 'critical',
    advice: `${COMPARE}: a copied token renews for whoever has it.`,
    async run(edge, found) {
      const { token } = await edge.facts.visitors.bound()
      const change = { subject_token: token, subject_token_type: ACCESS_TOKEN_TYPE }
      const thief = await Visitor.newcomer(edge.facts)
      for (const [how, answer] of [
        ['without a proof', await edge.token(change)],
        ['with a proof by another key', await thief.exchange(change)],
      ] as const) {
        found.when(answer.status === 200, `it renews ${how}`)
        refusedWith(answer, 400)
      }
    },
  },
  {
    id: 'token-expired',
    title: 'A token ends when it says',
    severity: 'critical',
    advice: `${COMPARE}, and look for a cache in front of /api/.`,
    only: 'thorough',
    slow: true,
    async run(edge, found) {
      const { now, wait } = edge.facts
      // One of its own: the others' calls must not count against it.
      const answer = await edge.token()
      const token = text(member(answer, 'access_token'))
      if (token === '') throw new Skipped(`the edge gave no token (status ${answer.status})`)
      await wait(Number(jwtPart(token, 1).exp) * 1000 - now().getTime() + 2000)
      found.unless(await edge.read(token), [401], 'it counts after its end')
    },
  },
  {
    id: 'token-forged',
    title: 'Tampered and forged tokens are refused',
    severity: 'critical',
    advice:
      'Take the edge off the net (MAINTENANCE=1, or remove its route), then deploy a build of your own: anybody can make tokens.',
    async run(edge, found) {
      const forged = await forgeries(await edge.facts.visitors.bearer())
      for (const [why, token] of forged) {
        found.unless(await edge.read(token), [401], `a token ${why} is not refused with 401`)
      }
      return `${forged.length} forgeries refused`
    },
  },
  {
    id: 'token-placement',
    title: 'A token counts only in the Authorization field',
    severity: 'warning',
    advice:
      'Tokens in an address end up in logs and histories (RFC 6750 section 2.3). Compare with a build of your own.',
    async run(edge, found) {
      const token = await edge.facts.visitors.bearer()
      const query = await edge.get(`/api/widget/config?access_token=${token}`)
      found.unless(query, [401], 'a token in the query counts')
      const cookie = await edge.get('/api/widget/config', { Cookie: `access_token=${token}` })
      found.unless(cookie, [401], 'a token in a cookie counts')
    },
  },
]
