/** The setting `TOKEN_SECRETS`: `kid:base64url(32 bytes)`, comma separated. The first signs, all verify. */
import { decodeBase64Url } from '../base/base64url.ts'
import { entriesOf } from '../base/entries.ts'
import { CATY_KEY } from '../base/key-pattern.ts'
import { SecretKey } from '../base/secret-key.ts'

export type TokenSecret = { kid: string; secret: SecretKey }
export type ParsedTokenSecrets = { secrets: TokenSecret[]; problems: string[] }

const KID = /^[A-Za-z0-9_-]{1,32}$/
/** HKDF-SHA-256 gains nothing from more than its block of input, and less than 32 bytes is weaker than the hash. */
const SECRET_BYTES = 32

export const TOKEN_SECRETS_FORM = 'must be kid:base64url(32 random bytes), comma separated'

/** Never throws. Each problem is the end of a sentence and names an entry by its place, never by its text. */
export function parseTokenSecrets(text: string): ParsedTokenSecrets {
  const { entries, problems } = entriesOf(text)
  const secrets: TokenSecret[] = []
  for (const { text: entry, place } of entries) {
    const [kid = '', encoded = '', ...rest] = entry.split(':')
    const bytes = decodeBase64Url(encoded.replace(/=+$/, ''))
    if (rest.length > 0 || !KID.test(kid) || bytes === undefined) problems.push(`${place} ${TOKEN_SECRETS_FORM}`)
    else if (CATY_KEY.test(kid)) problems.push(`${place} has a key of Caty for its kid, which every token shows`)
    else if (bytes.length !== SECRET_BYTES) problems.push(`${place} holds ${bytes.length} bytes instead of 32`)
    else if (secrets.some((known) => known.kid === kid)) problems.push(`${place} repeats the kid of another entry`)
    else secrets.push({ kid, secret: new SecretKey(bytes) })
  }
  return { secrets, problems }
}
