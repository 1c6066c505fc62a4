/** Proofs of possession (RFC 9449 section 4.3): a bound token is nothing without the key. */
import { randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { type Check, refusedWith } from '../check.ts'
import type { Visitor } from '../visitor.ts'

const PATH = '/api/widget/config'
const ADVICE = 'Compare the deployed version with a build of your own: a copied token can be used by whoever has it.'
/** Times a proof is shown again before it counts as accepted: isolates do not share what they have seen. */
const REPLAYS = 3

const missing: Check = {
  id: 'proof-missing',
  title: 'A bound token needs its proof',
  severity: 'critical',
  advice: ADVICE,
  async run({ visitors }, found) {
    const visitor = await visitors.bound()
    const bare = await visitor.call('GET', PATH, { proof: undefined })
    if (!refusedWith(bare, 401)) found(`it counts without a proof (status ${bare.status})`)
    const asBearer = await visitor.call('GET', PATH, { proof: undefined, scheme: 'Bearer' })
    if (!refusedWith(asBearer, 401)) found(`it counts as a Bearer token (status ${asBearer.status})`)
    // The body is refused anyway, so an edge that forgets the proof still sends nothing to Caty.
    const chat = await visitor.call('POST', '/api/widget/message', { proof: undefined, body: '{}' })
    if (!refusedWith(chat, 401)) found(`a message gets past the missing proof (status ${chat.status})`)
    const good = await visitor.call('GET', PATH)
    if (good.status !== 200 && refusedWith(good, 401)) found('a right proof is refused, so nobody can chat')
    return undefined
  },
}

const replayed: Check = {
  id: 'proof-replayed',
  title: 'A proof counts once',
  severity: 'warning',
  advice:
    'Replays are remembered an isolate, so Cloudflare may let a few pass; messages are also held by their idempotency key. If this finding stays over several runs, compare the deployed version with a build of your own.',
  async run({ visitors }, found) {
    const visitor = await visitors.bound()
    const proof = await visitor.proof('GET', PATH)
    await visitor.call('GET', PATH, { proof })
    for (let replay = 0; replay < REPLAYS; replay++) {
      if (refusedWith(await visitor.call('GET', PATH, { proof }), 401)) return undefined
    }
    found(`the same proof counted ${REPLAYS + 1} times`)
    return undefined
  },
}

const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

/** Each wrong in one place, and otherwise good. */
async function wrongProofs(visitor: Visitor, seconds: number): Promise<[why: string, proof: string][]> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const claims = { jti: randomUUID(), htm: 'GET', iat: seconds }
  const good = await visitor.proof('GET', PATH)
  const [head = '', body = '', signature = ''] = good.split('.')
  const other = (await visitor.proof('GET', PATH)).split('.')[1] ?? ''
  const withoutKey = JSON.parse(Buffer.from(body, 'base64url').toString()) as unknown
  return [
    ['for another method', await visitor.proof('POST', PATH)],
    ['for another call', await visitor.proof('GET', '/api/widget/message')],
    ['for another host', await visitor.proof('GET', PATH, { claims: { htu: `https://stranger.example${PATH}` } })],
    ['for another token', await visitor.proof('GET', PATH, { token: `${visitor.token}x` })],
    ['for no token', await visitor.proof('GET', PATH, { token: '' })],
    [
      'by another key',
      await new SignJWT({ ...Object(withoutKey), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(publicKey) })
        .sign(privateKey),
    ],
    [
      'by another key than it names',
      await new SignJWT({ ...Object(withoutKey), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: visitor.jwk })
        .sign(privateKey),
    ],
    ['with the private key in it', await visitor.proof('GET', PATH, { header: { jwk: { ...visitor.jwk, d: 'AA' } } })],
    ['of another type', await visitor.proof('GET', PATH, { header: { typ: 'JWT' } })],
    [
      'of alg none',
      `${Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: visitor.jwk })).toString('base64url')}.${body}.`,
    ],
    ['with the signature of another', `${head}.${other}.${signature}`],
    ['without an id', await visitor.proof('GET', PATH, { claims: { jti: undefined } })],
    ['twice in one field', `${good}, ${await visitor.proof('GET', PATH)}`],
    ['an hour old', await visitor.proof('GET', PATH, { claims: { iat: seconds - 3600 } })],
    ['an hour ahead', await visitor.proof('GET', PATH, { claims: { iat: seconds + 3600 } })],
    ['with a made-up nonce', await visitor.proof('GET', PATH, { claims: { nonce: 'made.up' } })],
  ]
}

const wrong: Check = {
  id: 'proof-wrong',
  title: 'Proofs that do not fit are refused',
  severity: 'critical',
  advice: ADVICE,
  async run({ visitors, now }, found) {
    const visitor = await visitors.bound()
    const proofs = await wrongProofs(visitor, secondsOf(now()))
    for (const [why, proof] of proofs) {
      const answer = await visitor.call('GET', PATH, { proof })
      if (answer.status === 200) found(`a proof ${why} counts`)
      else if (!refusedWith(answer, 401)) found(`status ${answer.status} for a proof ${why} instead of 401`)
    }
    return `${proofs.length} proofs refused`
  },
}

const nonce: Check = {
  id: 'proof-nonce',
  title: 'A visitor with a wrong clock recovers in one retry',
  severity: 'serious',
  advice: 'Let nothing in front of the Worker remove DPoP-Nonce or WWW-Authenticate from answers.',
  async run({ visitors, now }, found) {
    const visitor = await visitors.bound()
    const iat = secondsOf(now()) - 86_400
    const first = await visitor.call('GET', PATH, { proof: await visitor.proof('GET', PATH, { claims: { iat } }) })
    refusedWith(first, 401)
    const given = first.headers['dpop-nonce']
    if (given === undefined) {
      found('a proof of yesterday is refused without a nonce to try again with')
      return undefined
    }
    if (!(first.headers['www-authenticate'] ?? '').includes('use_dpop_nonce'))
      found('the refusal does not say use_dpop_nonce')
    const again = await visitor.call('GET', PATH, {
      proof: await visitor.proof('GET', PATH, { claims: { iat, nonce: given } }),
    })
    if (again.status !== 200 && refusedWith(again, 401)) found('a proof with the nonce it asked for is refused')
    return undefined
  },
}

export const proofChecks = [missing, wrong, replayed, nonce]
