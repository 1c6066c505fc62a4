/** What a check is, and the edge as every check sees it. */
import { refusedWith } from './answers.ts'
import type { Health, Metadata } from './identify.ts'
import { askToken, tokenForm, type VisitorSource } from './visitor.ts'
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
  /** What it returns is a remark for a sound one. Throws `Skipped`. */
  run: (edge: Examined, found: Findings) => Promise<string | undefined>
}

/** What a check has found, in words of what was seen. */
export class Findings {
  readonly seen: string[] = []

  add(saw: string): void {
    this.seen.push(saw)
  }

  when(isSo: boolean, saw: string): void {
    if (isSo) this.add(saw)
  }

  /** Adds what was seen, with the status, unless the answer has one of these. Throws `Skipped`. */
  unless(answer: Answer, statuses: readonly number[], saw: string): void {
    if (!refusedWith(answer, ...statuses)) this.add(`${saw}: status ${answer.status}`)
  }
}

type Facts = {
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
  /** Secrets of the owner that the environment names, to be looked for in everything that was received. */
  secrets: readonly string[]
}
type Headers = Readonly<Record<string, string>>

/** The edge under examination, and the calls that most checks make, from the allowed page unless they say otherwise. */
export class Examined {
  readonly facts: Facts

  constructor(facts: Facts) {
    this.facts = facts
  }

  get(path: string, headers: Headers = {}): Promise<Answer> {
    return this.facts.wire.send({ path, headers: { Origin: this.facts.origin, ...headers } })
  }

  post(path: string, body: string, headers: Headers = {}, method = 'POST'): Promise<Answer> {
    const all = { Origin: this.facts.origin, 'Content-Type': 'application/json', ...headers }
    return this.facts.wire.send({ method, path, headers: all, body })
  }

  /** Reads the configuration with a Bearer token: it is refused before anything else is looked at. */
  async read(token?: string, headers: Headers = {}): Promise<Answer> {
    const bearer = token ?? (await this.facts.visitors.bearer())
    return this.get('/api/widget/config', { Authorization: `Bearer ${bearer}`, ...headers })
  }

  /** Asks for a token; `change` goes into the form, and an empty value leaves a parameter out. */
  token(change: Headers = {}, headers: Headers = {}): Promise<Answer> {
    const { wire, widget, origin } = this.facts
    return askToken(wire, tokenForm(widget, change), { Origin: origin, ...headers })
  }
}
