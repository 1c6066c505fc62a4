/**
 * The optional challenge before the first bound token: it makes minting visitors cost a real browser. The Worker asks
 * Cloudflare whether the response counts; without a clear yes there is no token.
 */
import * as v from 'valibot'
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import { fetchJson } from '../../http/fetch-json.ts'
import type { Turnstile } from '../../settings/index.ts'

const TIMEOUT_MS = 5000
const ANSWER_CAP = 16 * 1024
const RETRY_S = 10
/** Cloudflare's own bound. */
const MAX_RESPONSE_CHARS = 2048

const Verdict = v.object({ success: v.boolean(), hostname: v.optional(v.string()) })

/** Of a visitor who wants his first bound token: what he brings, and what he is known by. */
export type Challenged = { response: string | undefined; origin: string; thumbprint: string }

/**
 * Throws `Refused` unless the challenge was solved on a page of this origin, now or by the same key some hours ago, or
 * none is configured. A ledger that cannot be asked knows nobody, so the visitor is asked once more.
 */
export async function checkChallenge({ response, origin, thumbprint }: Challenged, edge: Edge): Promise<void> {
  const { turnstile, tokenEpoch } = edge.settings
  if (!turnstile) return
  const { siteKey } = turnstile
  const ledger = edge.ledger.getByName('tenant')
  // By epoch: a new one ends what the old one's tokens were worth, and their proofs of a human with them.
  const id = `${tokenEpoch} ${thumbprint}`
  if (response === undefined && (await ledger.hasPassed(id).catch(() => false))) return
  if (response === undefined || response.length > MAX_RESPONSE_CHARS)
    throw new Refused({ kind: 'challenge_needed', siteKey })
  const verdict = await askCloudflare(response, turnstile, edge)
  if (!verdict) throw new Refused({ kind: 'challenge_unreachable', retryAfter: RETRY_S })
  const elsewhere = verdict.hostname !== undefined && verdict.hostname !== new URL(origin).hostname
  if (!verdict.success || elsewhere) throw new Refused({ kind: 'challenge_failed', siteKey })
  await ledger.rememberPass(id).catch(() => undefined)
}

/** `undefined` when there was no usable answer. The visitor's address is not sent: it is not needed. */
async function askCloudflare(response: string, { secret, verifyUrl }: Turnstile, edge: Edge) {
  const answer = await fetchJson(edge.platform.fetch, verifyUrl, {
    timeoutMs: TIMEOUT_MS,
    cap: ANSWER_CAP,
    method: 'POST',
    body: new URLSearchParams({ secret: secret.revealSecret(), response }),
  })
  const read = v.safeParse(Verdict, answer)
  return read.success ? read.output : undefined
}
