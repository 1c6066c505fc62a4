/**
 * The gate that every JWS passes before jose sees it. RFC 7515 section 7.1 allows one spelling of a compact JWS, but
 * readers are often more generous (white space, padding, left-over bits), and a replay store takes a second spelling of a
 * token for a new one. The gate lets through three canonical parts of at most 8 KB whose header and payload are objects.
 */
import { decodeBase64Url } from '../base/base64url.ts'
import { isRecord, parsedJson } from '../base/json.ts'

export const MAX_JWS_CHARS = 8192

/**
 * Headers that change how a JWS is read (RFC 7515 section 4.1.11, RFC 7797, RFC 7516 section 4.1.3). The edge supports
 * none of them, and ignoring one would verify something else than what was signed.
 */
const EXTENSIONS = ['crit', 'b64', 'zip']

/** A compact JWS in its canonical spelling. Its signature is not verified yet. */
export type CompactJws = { text: string; header: Readonly<Record<string, unknown>> }

/** The JWS with its decoded header, or `undefined` when the text does not pass. Never throws. */
export function readCompactJws(text: string): CompactJws | undefined {
  if (text.length > MAX_JWS_CHARS) return undefined
  const parts = text.split('.', 4)
  if (parts.length !== 3 || parts.includes('')) return undefined
  const [headerBytes, payloadBytes, signature] = parts.map(decodeBase64Url)
  const [header, payload] = [headerBytes, payloadBytes].map(readObject)
  if (!header || !payload || !signature || EXTENSIONS.some((name) => name in header)) return undefined
  return { text, header }
}

function readObject(bytes: Uint8Array | undefined): Record<string, unknown> | undefined {
  try {
    const value = bytes && parsedJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
