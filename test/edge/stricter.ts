/** Where the edge refuses a token that jose takes. */
import { base64url } from 'jose'
import { MAX_JWS_CHARS } from '../../edge/token/jws-gate.ts'

/** `undefined` for what jose refuses. */
export const taken = <T>(verdict: Promise<T>): Promise<T | undefined> => verdict.catch(() => undefined)

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const objectIn = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(strict.decode(base64url.decode(text)))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
export const canonical = (text: string): boolean => {
  try {
    return base64url.encode(base64url.decode(text)) === text
  } catch {
    return false
  }
}

/** Why the edge refuses what jose takes. Each has a token of its own in jws-jose.test.ts. */
const STRICTER: Record<string, (token: string) => boolean> = {
  // A second spelling of a token passes a store of those that were seen (RFC 7515 section 2, RFC 4648 section 3.5).
  'another spelling': (token) => !token.split('.').every(canonical),
  // Nothing longer is sent by anybody, and it costs time before a key is even looked for.
  'more than 8 KB': (token) => token.length > MAX_JWS_CHARS,
  // RFC 7519 section 7.2: the claims are an object. A byte order mark is no part of JSON (RFC 8259 section 8.1).
  'no object': (token) => !token.split('.').slice(0, 2).every(objectIn),
  // RFC 7797 needs b64 in crit, and says that JWTs use neither; zip is for encrypted ones. jose reads some of it, or past it.
  'an extension': (token) => ['crit', 'b64', 'zip'].some((name) => name in (objectIn(token.split('.')[0] ?? '') ?? {})),
}
export const ruleFor = (token: string): string | undefined =>
  Object.entries(STRICTER).find(([, applies]) => applies(token))?.[0]
