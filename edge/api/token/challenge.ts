/**
 * The optional Turnstile challenge before the first bound token, so that a script cannot make many visitors cheaply.
 * Cloudflare verifies the response; without a clear yes there is no token.
 */
import * as v from 'valibot'
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import { fetchJson } from '../../http/fetch-json.ts'
import { reachLedger } from '../../ledger/reach.ts'
import type { Turnstile } from '../../settings/index.ts'

const TIMEOUT_MS = 5000
const ANSWER_CAP = 16 * 1024
const RETRY_S = 10
/** Cloudflare's own limit. */
const MAX_RESPONSE_CHARS = 2048

const Verdict = v.object({ success: v.boolean(), hostname: v.optional(v.string()) })

/** A visitor who asks for a first bound token: the challenge response, the page's origin and the key's thumbprint. */
export type Challenged = { response: string | undefined; origin: string; thumbprint: string }

/**
 * Throws `Refused` unless no challenge is configured, or it was solved on a page of this origin, now or by the same key
 * within the last hours. If the ledger cannot be reached the visitor is asked again.
 */
export async function checkChallenge(
  { response, origin, thumbprint }: Challenged,
  edge: Pick<Edge, 'settings' | 'ledger' | 'platform'>,
): Promise<void> {
  const { turnstile, tokenEpoch } = edge.settings
  if (!turnstile) return
  const { siteKey } = turnstile
  // A new TOKEN_EPOCH ends the passes too.
  const id = `${tokenEpoch} ${thumbprint}`
  if (response === undefined && (await reachLedger(edge.ledger, (ledger) => ledger.hasPassed(id)).catch(() => false)))
    return
  if (response === undefined || response.length > MAX_RESPONSE_CHARS)
    throw new Refused({ kind: 'challenge_needed', siteKey })
  const verdict = await askCloudflare(response, turnstile, edge)
  if (!verdict) throw new Refused({ kind: 'challenge_unreachable', retryAfter: RETRY_S })
  const elsewhere = verdict.hostname !== undefined && verdict.hostname !== new URL(origin).hostname
  if (!verdict.success || elsewhere) throw new Refused({ kind: 'challenge_failed', siteKey })
  await reachLedger(edge.ledger, (ledger) => ledger.rememberPass(id)).catch(() => undefined)
}

/** The verdict; `undefined` without a usable answer. The visitor's address is not needed and not sent. */
async function askCloudflare(response: string, { secret, verifyUrl }: Turnstile, { platform }: Pick<Edge, 'platform'>) {
  const answer = await fetchJson(platform.fetch, verifyUrl, {
    timeoutMs: TIMEOUT_MS,
    cap: ANSWER_CAP,
    method: 'POST',
    body: new URLSearchParams({ secret: secret.revealSecret(), response }),
  })
  const read = v.safeParse(Verdict, answer)
  return read.success ? read.output : undefined
}
