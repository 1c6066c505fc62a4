/**
 * Session handles. Whoever knows Caty's session id can enter the conversation, so the browser never sees it. It gets the
 * id sealed (AES-GCM) with the visitor and the widget. Another visitor's handle does not open, and cannot be told from one
 * that never existed.
 */

import { decodeBase64Url, encodeBase64Url } from '../base/base64url.ts'
import { joinBytes, utf8 } from '../base/bytes.ts'
import type { KeyRing } from './key-ring.ts'

const IV_BYTES = 12
/** Characters of a session id; longer ones would not fit into a URL path as a handle. */
export const MAX_SESSION_ID = 200
const HANDLE = /^s1\.([A-Za-z0-9_-]{1,32})\.([A-Za-z0-9_-]{38,400})$/

export type HandleOwner = { visitor: string; widget: string }

const binding = (owner: HandleOwner): Uint8Array => utf8(`session ${owner.widget} ${owner.visitor}`)

/** Seals Caty's id for one visitor of one widget. `iv` is 12 random bytes that are never used twice. */
export async function sealSession(
  id: string,
  owner: HandleOwner,
  ring: KeyRing,
  iv: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const { kid, key } = await ring.signing('session-handle')
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: binding(owner) }, key, utf8(id))
  return `s1.${kid}.${encodeBase64Url(joinBytes([iv, new Uint8Array(sealed)]))}`
}

/** Caty's id; `undefined` for a handle that this visitor was not given. Never throws. */
export async function openSession(handle: string, owner: HandleOwner, ring: KeyRing): Promise<string | undefined> {
  const [, kid = '', encoded = ''] = HANDLE.exec(handle) ?? []
  const key = await ring.named(kid, 'session-handle')
  const bytes = decodeBase64Url(encoded)
  if (!key || !bytes) return undefined
  try {
    const iv = bytes.subarray(0, IV_BYTES)
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv, additionalData: binding(owner) },
      key,
      bytes.subarray(IV_BYTES),
    )
    return new TextDecoder().decode(opened)
  } catch {
    return undefined
  }
}
