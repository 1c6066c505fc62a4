/** Headers that every answer of the edge carries, and some that none should. */
import { hasDirective, named } from '../answers.ts'
import type { Check } from '../check.ts'
import { askToken, tokenForm } from '../visitor.ts'

const security: Check = {
  id: 'security-headers',
  title: 'Answers carry their security headers',
  severity: 'serious',
  advice: 'Remove header rules in front of the Worker: it sets all of them itself.',
  async run({ wire, widget, origin, visitors }, found) {
    const headers = { Origin: origin, Authorization: `Bearer ${await visitors.bearer()}` }
    const answers = [
      await wire.send({ path: '/health' }),
      await askToken(wire, tokenForm(widget), { Origin: origin }),
      await wire.send({ path: '/api/widget/config', headers }),
      await wire.send({ path: '/api/widget/no-such-call', headers }),
    ]
    for (const answer of answers) {
      const what = `${named(answer)} (${answer.status})`
      if (answer.headers['x-content-type-options'] !== 'nosniff')
        found(`${what} has no X-Content-Type-Options: nosniff`)
      if (answer.headers['referrer-policy'] !== 'no-referrer') found(`${what} has no Referrer-Policy: no-referrer`)
      if (!(answer.headers['content-security-policy'] ?? '').includes("default-src 'none'")) {
        found(`${what} has no Content-Security-Policy: default-src 'none'`)
      }
      if (!hasDirective(answer, 'no-store'))
        found(`${what} may be kept: ${answer.headers['cache-control'] ?? 'no Cache-Control'}`)
      if (answer.headers['x-request-id'] === undefined)
        found(`${what} has no X-Request-Id, so no log line can be found for it`)
    }
    return undefined
  },
}

const talkative: Check = {
  id: 'talkative-headers',
  title: 'Answers carry no cookies, and nothing of the inside',
  severity: 'warning',
  advice:
    'Server-Timing: unset DEBUG. Set-Cookie: turn off what sets it in front of the Worker, since the privacy page says there are none. Others: remove the rule that adds them.',
  async run({ wire }, found) {
    const said = new Set<string>()
    for (const answer of wire.received) {
      for (const name of ['set-cookie', 'server-timing', 'x-powered-by', 'x-aspnet-version', 'via']) {
        if (answer.headers[name] !== undefined) said.add(`${named(answer)} carries ${name}`)
      }
    }
    for (const saw of [...said].slice(0, 3)) found(saw)
    return `${wire.received.length} answers looked at`
  },
}

export const headerChecks = [security]
/** Over everything that was received, so they come last. */
export const lastHeaderChecks = [talkative]
