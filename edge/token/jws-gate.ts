/**
 * The gate that every JWS passes first. RFC 7515 section 7.1 allows exactly one spelling of a compact JWS, and readers are
 * often more generous (white space, padding, left-over bits): a second spelling of a token would pass a replay store as
 * new. What passes here is three canonical parts of at most 8 KB with objects as header and payload, decoded once, so
 * that nobody later reads other bytes than those that were looked at.
 */

import { decodeBase64Url } from '../base/base64url.ts'
import { utf8 } from '../base/bytes.ts'

export const MAX_JWS_CHARS = 8192

/**
 * Headers that change how a JWS is to be read (RFC 7515 section 4.1.11, RFC 7797, RFC 7516 section 4.1.3). None is
 * understood here, and whoever reads past them verifies something else than what was signed.
 */
const EXTENSIONS = ['crit', 'b64', 'zip']

export type JsonObject = Readonly<Record<string, unknown>>

export type CompactJws = {
  header: JsonObject
  payload: JsonObject
  signature: Uint8Array<ArrayBuffer>
  /** The JWS signing input: header and payload as they were spelled. */
  signed: Uint8Array
}

/** The decoded parts, or `undefined` when the text is not a strictly spelled compact JWS. Nothing is verified. Never throws. */
export function readCompactJws(text: string): CompactJws | undefined {
  const parts = text.split('.')
  if (text.length > MAX_JWS_CHARS || parts.length !== 3 || parts.includes('')) return undefined
  const [header, payload, signature] = parts.map(decodeBase64Url)
  const [read, claims] = [header, payload].map(readObject)
  if (!read || !claims || !signature || EXTENSIONS.some((name) => name in read)) return undefined
  return {
    header: read,
    payload: claims,
    signature,
    signed: utf8(text.slice(0, text.lastIndexOf('.'))),
  }
}

function readObject(bytes: Uint8Array | undefined): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
