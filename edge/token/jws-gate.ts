/**
 * The gate before every JWS library. RFC 7515 section 7.1 allows exactly one spelling of a compact JWS, and libraries
 * are more generous than that (jose takes white space and non-canonical base64url): a second spelling of a token
 * would pass a replay store as new. What passes here is three canonical parts of at most 8 KB with an object as header.
 */
import { decodeBase64Url } from './base64url.ts'

export const MAX_JWS_CHARS = 8192

export type JwsHeader = Readonly<Record<string, unknown>>

/** The decoded protected header, or `undefined` when the text is not a strictly spelled compact JWS. Never throws. */
export function readCompactJws(text: string): JwsHeader | undefined {
  if (text.length > MAX_JWS_CHARS) return undefined
  const parts = text.split('.')
  const [header, payload, signature] = parts
  if (parts.length !== 3 || !header || !payload || !signature) return undefined
  const headerBytes = decodeBase64Url(header)
  const payloadBytes = decodeBase64Url(payload)
  if (!headerBytes || !payloadBytes || !decodeBase64Url(signature)) return undefined
  if (!readObject(payloadBytes)) return undefined
  return readObject(headerBytes)
}

function readObject(bytes: Uint8Array): JwsHeader | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is JwsHeader =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
