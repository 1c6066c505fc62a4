/** What a check is, what it works with, and the few words it is written in. */
import { member } from './answers.ts'
import type { Health, Metadata } from './identify.ts'
import { Skipped } from './skipped.ts'
import type { VisitorSource } from './visitor.ts'
import type { Answer, Wire } from './wire.ts'

/**
 * How bad it is when the check finds something. `critical`: somebody can spend the owner's money or act as a visitor.
 * `serious`: the chat does not work for somebody, or a line of defence is gone. `warning`: worth a look.
 */
export type Severity = 'critical' | 'serious' | 'warning'

export type Check = {
  /** Stable; its heading in docs/doctor.md. */
  id: string
  title: string
  severity: Severity
  /** What to do about a finding. */
  advice: string
  /** Runs only when this is asked for: it costs more than a few requests, or Caty sees it. */
  only?: 'thorough' | 'chat'
  /** Takes seconds by nature, so it runs beside the others. */
  slow?: true
  /** Calls `found` for each finding, in words of what was seen. What it returns is a remark for a sound one. */
  run: (edge: Examined, found: (saw: string) => void) => Promise<string | undefined>
}

/** The edge under examination, as every check sees it. */
export type Examined = {
  /** As the owner gave it: scheme, host, port. */
  url: URL
  /** Whom the edge's tokens name as issuer; proofs are made for it. */
  issuer: string
  /** A page's origin that is allowed, and a second one if the owner named one. */
  origin: string
  secondOrigin: string | undefined
  /** A name of a widget of this edge. */
  widget: string
  wire: Wire
  visitors: VisitorSource
  health: Health
  metadata: Metadata
  launcher: Answer
  now: () => Date
  wait: (ms: number) => Promise<void>
  thorough: boolean
  /** Secrets of the owner that the environment names, to be looked for in everything that was received. */
  secrets: readonly string[]
}

/** Is the answer one of these refusals? A rate limit that is met and maintenance say nothing about the check: skipped. */
export function refusedWith(answer: Answer, ...statuses: number[]): boolean {
  if (answer.status === 429 && !statuses.includes(429)) {
    throw new Skipped(`this address has met a rate limit: run again in ${answer.headers['retry-after'] ?? '60'} s`)
  }
  if (answer.status === 503 && !statuses.includes(503) && member(answer, 'code') === 'MAINTENANCE') {
    throw new Skipped('the edge is closed for maintenance')
  }
  return statuses.includes(answer.status)
}
