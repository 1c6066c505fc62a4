/** One examination: is it an edge, which page is allowed, and then every check, one after the other. */
import { jwtPart, member, Skipped, text } from './answers.ts'
import { type Check, Examined, Findings, type Severity } from './check.ts'
import { allowedOrigin, identify } from './identify.ts'
import { askToken, tokenForm, VisitorSource } from './visitor.ts'
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
  secrets: readonly string[]
  /** Told of each verdict as it comes. */
  progress: (verdict: Verdict) => void
}

/** Never throws for what the edge does. */
export async function examine({ url, origins, checks, progress, ...options }: Options): Promise<Examination> {
  const { wire, widget, now } = options
  const identity = await identify(wire, url.origin)
  if ('refused' in identity) return { kind: 'refused', why: identity.refused }
  const origin = await allowedOrigin(url, origins, wire)
  if (typeof origin !== 'string') return { kind: 'refused', why: origin.refused }
  // What the tokens say, so that wrong metadata is one finding and not twenty.
  const first = await askToken(wire, tokenForm(widget), { Origin: origin }).catch(() => undefined)
  const issuer = text(jwtPart(first ? text(member(first, 'access_token')) : '', 1).iss) || url.origin
  const visitors = new VisitorSource({ wire, origin, issuer, widget, now })
  const secondOrigin = origins.find((each) => each !== origin)
  const edge = new Examined({ ...options, ...identity, url, issuer, visitors, origin, secondOrigin })

  const slow = new Map(checks.filter((check) => check.slow).map((check) => [check, runOne(check, edge)]))
  const verdicts: Verdict[] = []
  for (const check of checks) {
    const verdict = await (slow.get(check) ?? runOne(check, edge))
    progress(verdict)
    verdicts.push(verdict)
  }
  const { version } = identity.health
  return { kind: 'report', report: { url: url.origin, origin, version, requests: wire.sent, verdicts } }
}

async function runOne({ id, title, severity, advice, run }: Check, edge: Examined): Promise<Verdict> {
  const found = new Findings()
  const verdict = (note: string | undefined, skipped = false): Verdict => ({
    ...{ id, title, severity, findings: found.seen, note, advice },
    outcome: found.seen.length > 0 ? 'found' : skipped ? 'skipped' : 'sound',
  })
  try {
    return verdict(await run(edge, found))
  } catch (error) {
    if (error instanceof Skipped) return verdict(error.message, true)
    if (!(error instanceof WireError)) throw error
    found.add(`the edge did not answer: ${error.message}`)
    return verdict(undefined)
  }
}
