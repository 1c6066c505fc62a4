/** Tokens that nobody issued. Each is shown at `/api/widget/config`, whose refusal comes before anything else. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { type Check, refusedWith } from '../check.ts'
import { jwtPart } from '../visitor.ts'

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const utf8 = new TextEncoder()

/** The tricks of RFC 8725 and of the field, each as a token made from a real one. */
async function forgeries(token: string): Promise<[why: string, token: string][]> {
  const [head = '', body = '', signature = ''] = token.split('.')
  const [header, claims] = [jwtPart(token, 0), jwtPart(token, 1)]
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const hs256 = (key: string, change: object = {}) =>
    new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: 'HS256', ...change }).sign(utf8.encode(key))
  const later = { ...claims, exp: Number(claims.exp) + 86_400 }
  return [
    ['with another signature', `${head}.${body}.${flipped}`],
    ['without a signature', `${head}.${body}.`],
    ['of alg none', `${encode({ ...header, alg: 'none' })}.${body}.`],
    ['of alg None with a signature', `${encode({ ...header, alg: 'None' })}.${body}.${signature}`],
    ['with more scope', `${head}.${encode({ ...claims, scope: 'config track chat lead' })}.${signature}`],
    ['with a later end', `${head}.${encode(later)}.${signature}`],
    ['signed with a common secret', await hs256('secret')],
    ['of an unknown key', await hs256('secret', { kid: 'no-such-key' })],
    ['that names a file as its key', await hs256('\0', { kid: '../../../dev/null' })],
    [
      'that brings its own key',
      await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', jwk }).sign(privateKey),
    ],
    [
      'that names its key by URL',
      await new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', jku: 'https://stranger.example/keys' })
        .sign(privateKey),
    ],
    ['of another type', `${encode({ ...header, typ: 'JWT' })}.${body}.${signature}`],
    ['spelled with padding', `${head}.${body}.${signature}=`],
    ['of 9 KB', `${head}.${encode({ ...claims, filler: 'x'.repeat(6700) })}.${signature}`],
    ['that is none', 'a.b.c'],
  ]
}

const tampered: Check = {
  id: 'token-forged',
  title: 'Tampered and forged tokens are refused',
  severity: 'critical',
  advice:
    'Take the edge off the net (MAINTENANCE=1, or remove its route), then deploy a build of your own: anybody can make tokens.',
  async run({ wire, origin, visitors }, found) {
    const forged = await forgeries(await visitors.bearer())
    for (const [why, token] of forged) {
      const answer = await wire.send({
        path: '/api/widget/config',
        headers: { Origin: origin, Authorization: `Bearer ${token}` },
      })
      if (answer.status === 200) found(`a token ${why} counts`)
      else if (!refusedWith(answer, 401)) found(`status ${answer.status} for a token ${why} instead of 401`)
    }
    return `${forged.length} forgeries refused`
  },
}

const placed: Check = {
  id: 'token-placement',
  title: 'A token counts only in the Authorization field',
  severity: 'warning',
  advice: 'Tokens in an address end up in logs and histories (RFC 6750 section 2.3). Compare with a build of your own.',
  async run({ wire, origin, visitors }, found) {
    const token = await visitors.bearer()
    const query = await wire.send({ path: `/api/widget/config?access_token=${token}`, headers: { Origin: origin } })
    if (!refusedWith(query, 401)) found(`a token in the query counts (status ${query.status})`)
    const cookie = await wire.send({
      path: '/api/widget/config',
      headers: { Origin: origin, Cookie: `access_token=${token}` },
    })
    if (!refusedWith(cookie, 401)) found(`a token in a cookie counts (status ${cookie.status})`)
    return undefined
  },
}

export const forgeryChecks = [tampered, placed]
