/** Other people's pages: none of them gets a token, reads an answer, or passes a preflight. */
import { answered, member, named, refusedWith } from '../answers.ts'
import type { Check, Findings } from '../check.ts'
import { askToken, tokenForm } from '../visitor.ts'
import type { Answer } from '../wire.ts'

const STRANGER = 'https://stranger.example'
const NEEDED = ['authorization', 'content-type', 'dpop', 'idempotency-key']
const EXPOSED = ['retry-after', 'dpop-nonce', 'www-authenticate', 'x-request-id']

/** Origins that a careless comparison takes for the allowed one. */
export function lookalikes(origin: string): [why: string, origin: string][] {
  const { protocol, host, hostname, port } = new URL(origin)
  return [
    ['a stranger', STRANGER],
    ['the allowed one as a prefix', `${origin}.stranger.example`],
    ['the allowed one as an end', `${protocol}//stranger-${host}`],
    ['the allowed one as a user name', `${protocol}//${hostname}@stranger.example`],
    ['another scheme', `${protocol === 'https:' ? 'http:' : 'https:'}//${host}`],
    ['another port', `${protocol}//${hostname}:${port === '4443' ? '4444' : '4443'}`],
    ['a trailing slash', `${origin}/`],
    ['null, which sandboxed frames and files of any site send', 'null'],
    ['two origins in one field', `${origin}, ${STRANGER}`],
  ]
}

const acao = (answer: Answer): string => answer.headers['access-control-allow-origin'] ?? ''
const readable = (answer: Answer, origin: string): boolean => acao(answer) === '*' || acao(answer) === origin
const list = (answer: Answer, name: string): string[] => (answer.headers[name] ?? '').toLowerCase().split(/\s*,\s*/)

function checkPassed(answer: Answer, origin: string, found: Findings): void {
  const missing = NEEDED.filter((name) => !list(answer, 'access-control-allow-headers').includes(name))
  const kept = Number(answer.headers['access-control-max-age'] ?? 0)
  found.when(answer.status < 200 || answer.status > 299, `the preflight of ${origin} answers ${answer.status}`)
  found.when(acao(answer) !== origin, `the preflight of ${origin} allows ${acao(answer) || 'nobody'}`)
  found.when(missing.length > 0, `the preflight does not allow the header ${missing.join(', ')}`)
  found.when(!list(answer, 'access-control-allow-methods').includes('post'), 'the preflight does not allow POST')
  found.when(!(kept >= 600), `browsers keep the preflight for ${kept} s only, so each message costs two round trips`)
}

export const originChecks: Check[] = [
  {
    id: 'origin-strangers',
    title: 'Pages of other sites get no token',
    severity: 'critical',
    advice:
      'Set ALLOWED_ORIGINS to the exact origins of your pages, and let nothing in front of the Worker rewrite Origin.',
    async run(edge, found) {
      const tries = lookalikes(edge.facts.origin)
      for (const [why, other] of tries) {
        const answer = await edge.token({}, { Origin: other })
        found.unless(answer, [403, 400], `a call from ${why} (Origin: ${other}) is not refused with 403`)
        found.when(readable(answer, other), `the refusal to ${why} can be read there: ${acao(answer)}`)
      }
      const { wire, widget } = edge.facts
      const none = await askToken(wire, tokenForm(widget), {})
      found.unless(none, [403, 400], 'a call without Origin is not refused with 403')
      return `${tries.length + 1} origins refused`
    },
  },
  {
    id: 'origin-api',
    title: 'Pages of other sites cannot use a token',
    severity: 'critical',
    advice: 'Let nothing in front of the Worker rewrite Origin; compare the deployed version with a build of your own.',
    async run(edge, found) {
      const { origin, secondOrigin, visitors, wire } = edge.facts
      const token = await visitors.bearer()
      for (const [why, other] of lookalikes(origin).slice(0, 3)) {
        const answer = await edge.read(token, { Origin: other })
        found.unless(answer, [401, 403], `${named(answer)} answers ${why}`)
        found.when(readable(answer, other), `the answer to ${why} can be read there: ${acao(answer)}`)
      }
      const headers = { Authorization: `Bearer ${token}` }
      const bare = await wire.send({ path: '/api/widget/config', headers })
      found.unless(bare, [401, 403], `${named(bare)} answers without Origin`)
      if (secondOrigin === undefined) return 'name a second allowed --origin to try a token across your own pages too'
      const moved = await edge.read(token, { Origin: secondOrigin })
      found.unless(moved, [401], `a token for ${origin} counts on ${secondOrigin}`)
      return 'and a token stays with the page it was made for'
    },
  },
  {
    id: 'preflight',
    title: 'Preflights pass for the allowed page and for nobody else',
    severity: 'serious',
    advice: 'Remove CORS rules of proxies and transform rules in front of the Worker: it answers preflights itself.',
    async run({ facts: { wire, origin } }, found) {
      const ask = (Origin: string, path: string, method: string): Promise<Answer> => {
        const asked = { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': NEEDED.join(',') }
        return wire.send({ method: 'OPTIONS', path, headers: { Origin, ...asked } })
      }
      checkPassed(await ask(origin, '/api/widget/message', 'POST'), origin, found)
      const patch = await ask(origin, '/api/widget/session/x', 'PATCH')
      found.when(!list(patch, 'access-control-allow-methods').includes('patch'), 'PATCH of a session does not pass')
      for (const other of [STRANGER, 'null']) {
        const answer = await ask(other, '/api/widget/message', 'POST')
        found.when(readable(answer, other), `the preflight of ${other} passes: ${acao(answer)}`)
      }
    },
  },
  {
    id: 'cors',
    title: 'Only the allowed page can read answers',
    severity: 'serious',
    advice: 'Remove header rules in front of the Worker: it sets the CORS fields of every answer itself.',
    async run(edge, found) {
      const { origin } = edge.facts
      const own = [await edge.token(), await edge.get('/api/widget/config'), await edge.get('/api/widget/no-such-call')]
      const strange = await edge.token({}, { Origin: STRANGER })
      for (const answer of [...own, strange]) {
        const what = answered(answer)
        found.when(answer.headers['access-control-allow-credentials'] !== undefined, `${what} allows credentials`)
        const varies = list(answer, 'vary').some((name) => name === 'origin' || name === '*')
        found.when(!varies, `${what} does not vary by Origin`)
      }
      found.when(readable(strange, STRANGER), `${answered(strange)} can be read by a stranger: ${acao(strange)}`)
      for (const answer of own) {
        const what = answered(answer)
        const hidden = EXPOSED.filter((name) => !list(answer, 'access-control-expose-headers').includes(name))
        found.when(acao(answer) !== origin, `${what} can be read by ${acao(answer) || 'nobody'}`)
        found.when(hidden.length > 0, `${what} does not expose ${hidden.join(', ')} to the page`)
      }
    },
  },
  {
    id: 'fetch-metadata',
    title: 'Forms, links and images are not taken for calls of the widget',
    severity: 'warning',
    advice: 'Let nothing in front of the Worker remove the Sec-Fetch fields.',
    async run(edge, found) {
      for (const [mode, site] of [
        ['navigate', 'cross-site'],
        ['no-cors', 'cross-site'],
        ['cors', 'none'],
      ] as const) {
        const answer = await edge.token({}, { 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Site': site })
        refusedWith(answer, 403, 400)
        const given = member(answer, 'access_token') !== undefined
        found.when(given, `a token for Sec-Fetch-Mode ${mode}, Sec-Fetch-Site ${site}`)
      }
    },
  },
]
