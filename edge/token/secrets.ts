/** The setting `TOKEN_SECRETS`: `kid:base64url(32 bytes)`, comma separated. The first signs, all verify. */

import { decodeBase64Url } from '../base/base64url.ts'
import { Secret } from '../base/secret.ts'

export type TokenSecret = { kid: string; secret: Secret }
export type ParsedTokenSecrets = { secrets: TokenSecret[]; problems: string[] }

const KID = /^[A-Za-z0-9_-]{1,32}$/
/** HKDF-SHA-256 gains nothing from more than its block of input, and less than 32 bytes is less than the hash's strength. */
const SECRET_BYTES = 32

const FORM = 'must be kid:base64url(32 random bytes), comma separated'

/** Never throws. A problem says what is wrong with which entry by its place, never by its text. */
export function parseTokenSecrets(text: string): ParsedTokenSecrets {
  if (text.trim() === '') {
    return { secrets: [], problems: [`is missing: ${FORM} (npm run tenant -- new makes one)`] }
  }
  const secrets: TokenSecret[] = []
  const problems: string[] = []
  for (const [index, entry] of text.split(',').entries()) {
    const place = `entry ${index + 1}`
    const [kid = '', encoded = '', ...rest] = entry.trim().split(':')
    const bytes = decodeBase64Url(encoded.replace(/=$/, ''))
    if (rest.length > 0 || !KID.test(kid) || bytes === undefined) problems.push(`${place} ${FORM}`)
    else if (bytes.length !== SECRET_BYTES) problems.push(`${place} holds ${bytes.length} bytes instead of 32`)
    else if (secrets.some((known) => known.kid === kid)) problems.push(`${place} repeats the kid of another entry`)
    else secrets.push({ kid, secret: new Secret(encoded.replace(/=$/, '')) })
  }
  return { secrets, problems }
}
