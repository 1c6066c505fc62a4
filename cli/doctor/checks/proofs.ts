/** Proofs of possession (RFC 9449 section 4.3): a bound token is nothing without the key. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { jwtPart, refusedWith } from '../answers.ts'
import type { Check } from '../check.ts'
import type { Visitor } from '../visitor.ts'

const PATH = '/api/widget/config'
const ADVICE = 'Compare the deployed version with a build of your own: a copied token can be used by whoever has it.'
/** Times a proof is shown again before it counts as accepted: isolates do not share what they have seen. */
const REPLAYS = 3
const secondsOf = (time: Date): number => Math.floor(time.getTime() / 1000)

/** Each wrong in one place, and otherwise good. */
async function wrongProofs(visitor: Visitor, seconds: number): Promise<[why: string, proof: string][]> {
  const proof = (change = {}, path = PATH, method = 'GET') => visitor.proof(method, path, change)
  const good = await proof()
  const [head = '', body = '', signature = ''] = good.split('.')
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  // A claim of its own keeps it from being a replay.
  const foreign = (jwk: object) =>
    new SignJWT({ ...jwtPart(good, 1), jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .sign(privateKey)
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: visitor.jwk })).toString('base64url')
  return [
    ['for another method', await proof({}, PATH, 'POST')],
    ['for another call', await proof({}, '/api/widget/message')],
    ['for another host', await proof({ claims: { htu: `https://stranger.example${PATH}` } })],
    ['for another token', await proof({ token: `${visitor.token}x` })],
    ['for no token', await proof({ token: '' })],
    ['by another key', await foreign(await exportJWK(publicKey))],
    ['by another key than it names', await foreign(visitor.jwk)],
    ['with the private key in it', await proof({ header: { jwk: { ...visitor.jwk, d: 'AA' } } })],
    ['of another type', await proof({ header: { typ: 'JWT' } })],
    ['of alg none', `${none}.${body}.`],
    ['with the signature of another', `${head}.${(await proof()).split('.')[1]}.${signature}`],
    ['without an id', await proof({ claims: { jti: undefined } })],
    ['twice in one field', `${good}, ${await proof()}`],
    ['an hour old', await proof({ claims: { iat: seconds - 3600 } })],
    ['an hour ahead', await proof({ claims: { iat: seconds + 3600 } })],
    ['with a made-up nonce', await proof({ claims: { nonce: 'made.up' } })],
  ]
}

export const proofChecks: Check[] = [
  {
    id: 'proof-missing',
    title: 'A bound token needs its proof',
    severity: 'critical',
    advice: ADVICE,
    async run({ facts }, found) {
      const visitor = await facts.visitors.bound()
      const without = { proof: undefined }
      found.unless(await visitor.call('GET', PATH, without), [401], 'it counts without a proof')
      found.unless(
        await visitor.call('GET', PATH, { ...without, scheme: 'Bearer' }),
        [401],
        'it counts as a Bearer token',
      )
      // The body is refused anyway, so an edge that forgets the proof still sends nothing to Caty.
      const chat = await visitor.call('POST', '/api/widget/message', { ...without, body: '{}' })
      found.unless(chat, [401], 'a message gets past the missing proof')
      const good = await visitor.call('GET', PATH)
      found.when(good.status !== 200 && refusedWith(good, 401), 'a right proof is refused, so nobody can chat')
    },
  },
  {
    id: 'proof-wrong',
    title: 'Proofs that do not fit are refused',
    severity: 'critical',
    advice: ADVICE,
    async run({ facts }, found) {
      const visitor = await facts.visitors.bound()
      const proofs = await wrongProofs(visitor, secondsOf(facts.now()))
      for (const [why, proof] of proofs) {
        found.unless(await visitor.call('GET', PATH, { proof }), [401], `a proof ${why} is not refused with 401`)
      }
      return `${proofs.length} proofs refused`
    },
  },
  {
    id: 'proof-replayed',
    title: 'A proof counts once',
    severity: 'warning',
    advice:
      'Replays are remembered an isolate, so Cloudflare may let a few pass; messages are also held by their idempotency key. If this finding stays over several runs, compare the deployed version with a build of your own.',
    async run({ facts }, found) {
      const visitor = await facts.visitors.bound()
      const proof = await visitor.proof('GET', PATH)
      await visitor.call('GET', PATH, { proof })
      for (let replay = 0; replay < REPLAYS; replay++) {
        if (refusedWith(await visitor.call('GET', PATH, { proof }), 401)) return undefined
      }
      found.add(`the same proof counted ${REPLAYS + 1} times`)
    },
  },
  {
    id: 'proof-nonce',
    title: 'A visitor with a wrong clock recovers in one retry',
    severity: 'serious',
    advice: 'Let nothing in front of the Worker remove DPoP-Nonce or WWW-Authenticate from answers.',
    async run({ facts }, found) {
      const visitor = await facts.visitors.bound()
      const iat = secondsOf(facts.now()) - 86_400
      const ask = async (claims: object) =>
        visitor.call('GET', PATH, { proof: await visitor.proof('GET', PATH, { claims: { iat, ...claims } }) })
      const first = await ask({})
      refusedWith(first, 401)
      const nonce = first.headers['dpop-nonce']
      if (nonce === undefined) {
        found.add('a proof of yesterday is refused without a nonce to try again with')
        return undefined
      }
      const said = first.headers['www-authenticate'] ?? ''
      found.when(!said.includes('use_dpop_nonce'), 'the refusal does not say use_dpop_nonce')
      const again = await ask({ nonce })
      found.when(again.status !== 200 && refusedWith(again, 401), 'a proof with the nonce it asked for is refused')
    },
  },
]
