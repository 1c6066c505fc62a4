/** Over the answers of all other checks: their headers, the flood that uses up this address, and the search for the key. */
import { CATY_KEY } from '../../../edge/base/key-pattern.ts'
import { answered, cacheControl, hasDirective, named, refusedWith } from '../answers.ts'
import type { Check } from '../check.ts'
import type { Answer } from '../wire.ts'

/** The default of the edge for bound tokens an address and minute, and a few more: the platform counts loosely. */
const FLOOD = 65
/** Characters of a secret that nobody sees by chance. */
const WINDOW = 8
const FIELDS = {
  'x-content-type-options': /^nosniff$/,
  'referrer-policy': /^no-referrer$/,
  'content-security-policy': /default-src 'none'/,
  'x-request-id': /./,
}
const TALKATIVE = ['set-cookie', 'server-timing', 'x-powered-by', 'x-aspnet-version', 'via']

/** Every run of eight characters of the secrets, without the prefix that all keys share. */
export function windowsOf(secrets: readonly string[]): Set<string> {
  const windows = new Set<string>()
  for (const secret of secrets) {
    const part = secret.replace(/^caty_(?:prod_|dev_)?/, '')
    for (let at = 0; at + WINDOW <= part.length; at++) windows.add(part.slice(at, at + WINDOW))
  }
  return windows
}

const whole = ({ headers, text }: Answer): string =>
  [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', text].join('\n')

export const headerChecks: Check[] = [
  {
    id: 'security-headers',
    title: 'Answers carry their security headers',
    severity: 'serious',
    advice: 'Remove header rules in front of the Worker: it sets all of them itself.',
    async run(edge, found) {
      const Authorization = `Bearer ${await edge.facts.visitors.bearer()}`
      for (const answer of [
        await edge.get('/health'),
        await edge.token(),
        await edge.read(),
        await edge.get('/api/widget/no-such-call', { Authorization }),
      ]) {
        for (const [name, value] of Object.entries(FIELDS)) {
          const fits = value.test(answer.headers[name] ?? '')
          found.when(!fits, `${answered(answer)} has no ${name} with ${value.source.replaceAll(/[\^$]/g, '')}`)
        }
        found.when(!hasDirective(answer, 'no-store'), `${answered(answer)} may be kept: ${cacheControl(answer)}`)
      }
    },
  },
]

export const lastChecks: Check[] = [
  {
    id: 'limit-flood',
    title: 'An address that asks for token after token is stopped, and told for how long',
    severity: 'critical',
    advice:
      'Bind BOUND_TOKENS_PER_ADDRESS with a namespace_id of its own (compare wrangler.toml); its counters belong to one place of Cloudflare, so run again before you worry.',
    only: 'thorough',
    async run(edge, found) {
      let stopped: Answer | undefined
      for (let call = 0; call < FLOOD && !stopped; call++) {
        // With a proof that is none: counted like a good one, and no token comes of it.
        const answer = await edge.token({}, { DPoP: 'x' })
        if (refusedWith(answer, 429)) stopped = answer
      }
      if (!stopped) {
        found.add(`${FLOOD} requests for bound tokens in a row were all heard`)
        return undefined
      }
      const seconds = stopped.headers['retry-after'] ?? ''
      found.when(!/^[1-9]\d*$/.test(seconds), 'the 429 has no Retry-After')
      found.when(stopped.headers.ratelimit === undefined, 'the 429 has no RateLimit')
      return `stopped, for ${seconds} s; this address gets no new chat until then`
    },
  },
  {
    id: 'talkative-headers',
    title: 'Answers carry no cookies, and nothing of the inside',
    severity: 'warning',
    advice:
      'Server-Timing: unset DEBUG. Set-Cookie: turn off what sets it in front of the Worker, since the privacy page says there are none. Others: remove the rule that adds them.',
    async run({ facts: { wire } }, found) {
      const said = wire.received.flatMap((answer) =>
        TALKATIVE.filter((name) => answer.headers[name] !== undefined).map(
          (name) => `${named(answer)} carries ${name}`,
        ),
      )
      for (const saw of [...new Set(said)].slice(0, 3)) found.add(saw)
      return `${wire.received.length} answers looked at`
    },
  },
  {
    id: 'key-canary',
    title: 'No key of Caty in anything that was received',
    severity: 'critical',
    advice:
      'The key is out: make a new one in the dashboard of Caty now, put it into the Worker, and revoke this one. Then find out how.',
    async run({ facts: { wire, secrets } }, found) {
      const windows = [...windowsOf(secrets)]
      const places = wire.received.flatMap((answer) => {
        const text = whole(answer)
        if (CATY_KEY.test(text)) return [`${named(answer)} holds something that looks like a key`]
        // Its own eight characters are not printed: a report is sent around.
        return windows.some((part) => text.includes(part)) ? [`${named(answer)} holds a part of the key`] : []
      })
      for (const place of [...new Set(places)].slice(0, 5)) found.add(place)
      const hint = 'the pattern of keys; set CATY_API_KEY to look for your own'
      return `${wire.received.length} answers searched for ${secrets.length > 0 ? 'your key and the pattern of keys' : hint}`
    },
  },
]
