/** What the token endpoint gives, to whom, and for how long. */
import { hasDirective, member, text } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'
import { Skipped } from '../skipped.ts'
import { ACCESS_TOKEN_TYPE, askToken, jwtPart, tokenForm, Visitor } from '../visitor.ts'

/** Seconds; the setting TOKEN_TTL goes no further. */
const MAX_LIFE_S = 3600

const metadata: Check = {
  id: 'metadata',
  title: 'The metadata names this edge',
  severity: 'serious',
  advice:
    'Set PUBLIC_URL to the address that visitors use, or leave it out; both must be the same host (RFC 8414 section 3.3).',
  async run({ metadata: said, url, issuer }, found) {
    if (said.issuer !== url.origin) found(`the issuer is ${said.issuer}, and this is ${url.origin}`)
    else if (said.issuer !== issuer) found(`the issuer is ${said.issuer}, and its tokens say ${issuer}`)
    if (said.token_endpoint !== `${said.issuer}/token`) found(`the token endpoint is ${said.token_endpoint}`)
    const weak = said.dpop_signing_alg_values_supported.filter((name) => !/^(ES|PS|EdDSA|Ed25519)/.test(name))
    if (weak.length > 0) found(`proofs may be signed with ${weak.join(', ')}`)
    const methods = said.token_endpoint_auth_methods_supported ?? []
    if (methods.some((method) => method !== 'none')) found(`clients may authenticate by ${methods.join(', ')}`)
    return undefined
  },
}

const issued: Check = {
  id: 'token-issued',
  title: 'A token for an allowed page is short-lived, narrow and not cached',
  severity: 'serious',
  advice: 'Set DPOP to required and TOKEN_TTL to 300, and put no cache in front of /token.',
  async run({ wire, widget, origin, issuer }, found) {
    const answer = await askToken(wire, tokenForm(widget), { Origin: origin })
    if (answer.status !== 200 && !refusedWith(answer, 503)) found(`no token for ${origin}: status ${answer.status}`)
    if (answer.status !== 200) throw new Skipped(`the edge gives no token just now (status ${answer.status})`)
    const token = text(member(answer, 'access_token'))
    const [header, claims] = [jwtPart(token, 0), jwtPart(token, 1)]
    const life = Number(claims.exp) - Number(claims.iat)
    if (!hasDirective(answer, 'no-store'))
      found(`it may be cached: ${answer.headers['cache-control'] ?? 'no Cache-Control'}`)
    if (header.typ !== 'at+jwt' || header.alg === 'none') found(`its header is typ ${header.typ}, alg ${header.alg}`)
    if (claims.iss !== issuer || claims.org !== origin) found(`it is for ${claims.org} by ${claims.iss}`)
    if (!(life > 0 && life <= MAX_LIFE_S)) found(`it lives ${life} s`)
    if (member(answer, 'expires_in') !== life)
      found(`it lives ${life} s, and expires_in says ${member(answer, 'expires_in')}`)
    const wide = text(member(answer, 'scope'))
      .split(' ')
      .filter((scope) => scope !== 'config' && scope !== 'track')
    if (wide.length > 0) found(`without a key it carries ${wide.join(' ')}: a copied token chats`)
    return `lives ${life} s`
  },
}

const escalation: Check = {
  id: 'token-escalation',
  title: 'Nobody gets more than he may have',
  severity: 'critical',
  advice: 'Set DPOP to required. If it is, compare the deployed version with a build of your own.',
  async run({ wire, widget, origin, visitors }, found) {
    const bearer = await visitors.bearer()
    const tries: [why: string, change: Record<string, string>][] = [
      ['chat without a key', { scope: 'config track chat' }],
      ['lead without a key', { scope: 'lead' }],
      ['a scope that does not exist', { scope: 'config admin' }],
      ['a widget that is not here', { subject_token: 'wgt_of_somebody_else' }],
      ['another audience', { audience: 'https://stranger.example' }],
      ['another client', { client_id: 'wgt_of_somebody_else' }],
      ['another grant', { grant_type: 'client_credentials' }],
      [
        'chat for a token without a key',
        { subject_token: bearer, subject_token_type: ACCESS_TOKEN_TYPE, scope: 'chat' },
      ],
    ]
    for (const [why, change] of tries) {
      const answer = await askToken(wire, tokenForm(widget, change), { Origin: origin })
      if (answer.status === 200) found(`a token for ${why}`)
      else if (!refusedWith(answer, 400, 401)) found(`status ${answer.status} for ${why} instead of 400`)
    }
    const narrow = await visitors.another({ scope: 'config' })
    const wider = await narrow.exchange({
      subject_token: narrow.token,
      subject_token_type: ACCESS_TOKEN_TYPE,
      scope: 'chat',
    })
    if (wider.status === 200) found('a token for config is renewed to one for chat')
    else refusedWith(wider, 400)
    return `${tries.length + 1} ways tried`
  },
}

const renewal: Check = {
  id: 'token-renewal',
  title: 'A bound token renews only for its key',
  severity: 'critical',
  advice: 'Compare the deployed version with a build of your own: a copied token renews for whoever has it.',
  async run({ wire, widget, origin, issuer, visitors, now }, found) {
    const { token } = await visitors.bound()
    const change = { subject_token: token, subject_token_type: ACCESS_TOKEN_TYPE }
    const bare = await askToken(wire, tokenForm(widget, change), { Origin: origin })
    if (bare.status === 200) found('it renews without a proof')
    else refusedWith(bare, 400)
    const thief = await Visitor.newcomer({ wire, widget, origin, issuer, now })
    const stolen = await thief.exchange(change)
    if (stolen.status === 200) found('it renews with a proof by another key')
    else refusedWith(stolen, 400)
    return undefined
  },
}

const expired: Check = {
  id: 'token-expired',
  title: 'A token ends when it says',
  severity: 'critical',
  advice: 'Compare the deployed version with a build of your own, and look for a cache in front of /api/.',
  only: 'thorough',
  slow: true,
  async run({ wire, widget, origin, now, wait }, found) {
    // One of its own: the others' calls must not count against it.
    const answer = await askToken(wire, tokenForm(widget), { Origin: origin })
    const token = text(member(answer, 'access_token'))
    if (token === '') throw new Skipped(`the edge gave no token (status ${answer.status})`)
    await wait(Number(jwtPart(token, 1).exp) * 1000 - now().getTime() + 2000)
    const late = await wire.send({
      path: '/api/widget/config',
      headers: { Origin: origin, Authorization: `Bearer ${token}` },
    })
    if (!refusedWith(late, 401)) found(`it counts after its end (status ${late.status})`)
    return undefined
  },
}

export const tokenChecks = [metadata, issued, escalation, renewal, expired]
