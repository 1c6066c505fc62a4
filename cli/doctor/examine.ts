/** One examination: is it an edge, which page is allowed, and then every check, one after the other. */

import { member, text } from './answers.ts'
import type { Check, Examined, Severity } from './check.ts'
import { identify } from './identify.ts'
import { allowedOrigin } from './origin.ts'
import { Skipped } from './skipped.ts'
import { askToken, jwtPart, tokenForm, VisitorSource } from './visitor.ts'
import { type Wire, WireError } from './wire.ts'

export type Verdict = {
  id: string
  title: string
  severity: Severity
  outcome: 'sound' | 'found' | 'skipped'
  /** What was seen, one sentence's end each. */
  findings: readonly string[]
  /** A remark, or why it was skipped. */
  note: string | undefined
  advice: string
}
export type Report = { url: string; origin: string; version: string; requests: number; verdicts: readonly Verdict[] }
export type Examination =
  | { kind: 'report'; report: Report }
  /** Nothing was attacked; the sentence says why. */
  | { kind: 'refused'; why: string }

export type Options = {
  url: URL
  origins: readonly string[]
  widget: string
  checks: readonly Check[]
  wire: Wire
  now: () => Date
  wait: (ms: number) => Promise<void>
  thorough: boolean
  secrets: readonly string[]
  /** Told of each verdict as it comes. */
  progress: (verdict: Verdict) => void
}

/** Never throws for what the edge does. */
export async function examine(options: Options): Promise<Examination> {
  const { url, wire, widget, now, wait, thorough, secrets } = options
  const identity = await identify(wire)
  if (identity.kind === 'stranger')
    return { kind: 'refused', why: `${url.origin} is not a Caty Keyless edge: ${identity.why}.` }
  if (identity.kind === 'not_set_up') return { kind: 'refused', why: `The edge is not set up: ${identity.why}` }
  const allowed = await allowedOrigin(options)
  if (typeof allowed !== 'string') return { kind: 'refused', why: allowed.why }
  const issuer = await issuerOfTokens(wire, widget, allowed, url.origin)
  const visitors = new VisitorSource({ wire, origin: allowed, issuer, widget, now })
  const { health, metadata, launcher } = identity
  const edge: Examined = {
    ...{ url, issuer, widget, wire, visitors, health, metadata, launcher, now, wait, thorough, secrets },
    origin: allowed,
    secondOrigin: options.origins.find((origin) => origin !== allowed),
  }
  const verdicts = await runAll(edge, options)
  return {
    kind: 'report',
    report: { url: url.origin, origin: allowed, version: health.version, requests: wire.sent, verdicts },
  }
}

/** Whom proofs must be made for: what the tokens say, so that wrong metadata is one finding and not twenty. */
async function issuerOfTokens(wire: Wire, widget: string, origin: string, fallback: string): Promise<string> {
  const answer = await askToken(wire, tokenForm(widget), { Origin: origin }).catch(() => undefined)
  return (answer && text(jwtPart(text(member(answer, 'access_token')), 1).iss)) || fallback
}

/** Slow ones begin at once and run beside the others. */
async function runAll(edge: Examined, { checks, progress }: Options): Promise<Verdict[]> {
  const slow = new Map(checks.filter((check) => check.slow).map((check) => [check, runOne(check, edge)]))
  const verdicts: Verdict[] = []
  for (const check of checks) {
    const verdict = await (slow.get(check) ?? runOne(check, edge))
    progress(verdict)
    verdicts.push(verdict)
  }
  return verdicts
}

async function runOne({ id, title, severity, advice, run }: Check, edge: Examined): Promise<Verdict> {
  const findings: string[] = []
  const verdict = (note: string | undefined, skipped = false): Verdict => ({
    ...{ id, title, severity, findings, note, advice },
    outcome: findings.length > 0 ? 'found' : skipped ? 'skipped' : 'sound',
  })
  try {
    return verdict(await run(edge, (saw) => findings.push(saw)))
  } catch (error) {
    if (error instanceof Skipped) return verdict(error.message, true)
    if (!(error instanceof WireError)) throw error
    findings.push(`the edge did not answer: ${error.message}`)
    return verdict(undefined)
  }
}
