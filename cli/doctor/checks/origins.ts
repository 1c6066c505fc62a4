/** Other people's pages: none of them gets a token, reads an answer, or passes a preflight. */
import { member, named } from '../answers.ts'
import { type Check, type Examined, refusedWith } from '../check.ts'
import { askToken, tokenForm } from '../visitor.ts'
import type { Answer } from '../wire.ts'

const STRANGER = 'https://stranger.example'

/** Origins that a careless comparison takes for the allowed one. */
export function lookalikes(origin: string): [why: string, origin: string][] {
  const { protocol, host, hostname, port } = new URL(origin)
  const other = protocol === 'https:' ? 'http:' : 'https:'
  return [
    ['a stranger', STRANGER],
    ['the allowed one as a prefix', `${origin}.stranger.example`],
    ['the allowed one as an end', `${protocol}//stranger-${host}`],
    ['the allowed one as a user name', `${protocol}//${hostname}@stranger.example`],
    ['another scheme', `${other}//${host}`],
    ['another port', `${protocol}//${hostname}:${port === '4443' ? '4444' : '4443'}`],
    ['a trailing slash', `${origin}/`],
    ['null, which sandboxed frames and files of any site send', 'null'],
    ['two origins in one field', `${origin}, ${STRANGER}`],
  ]
}

const strangers: Check = {
  id: 'origin-strangers',
  title: 'Pages of other sites get no token',
  severity: 'critical',
  advice:
    'Set ALLOWED_ORIGINS to the exact origins of your pages, and let nothing in front of the Worker rewrite Origin.',
  async run({ wire, widget, origin }, found) {
    const tries = lookalikes(origin)
    for (const [why, other] of tries) {
      const answer = await askToken(wire, tokenForm(widget), { Origin: other })
      if (answer.status === 200) found(`a token for ${why} (Origin: ${other})`)
      else if (!refusedWith(answer, 403, 400)) found(`status ${answer.status} for ${why} instead of 403`)
      if (readable(answer, other)) found(`the refusal to ${why} can be read there: ${acao(answer)}`)
    }
    const none = await askToken(wire, tokenForm(widget), {})
    if (none.status === 200) found('a token for a call without Origin')
    else if (!refusedWith(none, 403, 400)) found(`status ${none.status} for a call without Origin instead of 403`)
    return `${tries.length + 1} origins refused`
  },
}

const api: Check = {
  id: 'origin-api',
  title: 'Pages of other sites cannot use a token',
  severity: 'critical',
  advice: 'Let nothing in front of the Worker rewrite Origin; compare the deployed version with a build of your own.',
  async run({ wire, visitors, origin, secondOrigin }, found) {
    const token = await visitors.bearer()
    const read = (Origin: string): Promise<Answer> =>
      wire.send({ path: '/api/widget/config', headers: { Origin, Authorization: `Bearer ${token}` } })
    for (const [why, other] of lookalikes(origin).slice(0, 3)) {
      const answer = await read(other)
      if (!refusedWith(answer, 401, 403)) found(`${named(answer)} answers ${answer.status} to ${why}`)
      if (readable(answer, other)) found(`the answer to ${why} can be read there: ${acao(answer)}`)
    }
    const bare = await wire.send({ path: '/api/widget/config', headers: { Authorization: `Bearer ${token}` } })
    if (!refusedWith(bare, 401, 403)) found(`${named(bare)} answers ${bare.status} without Origin`)
    if (secondOrigin === undefined) return 'name a second allowed --origin to try a token across your own pages too'
    const moved = await read(secondOrigin)
    if (!refusedWith(moved, 401)) found(`a token for ${origin} counts on ${secondOrigin} (status ${moved.status})`)
    return 'and a token stays with the page it was made for'
  },
}

const preflight: Check = {
  id: 'preflight',
  title: 'Preflights pass for the allowed page and for nobody else',
  severity: 'serious',
  advice: 'Remove CORS rules of proxies and transform rules in front of the Worker: it answers preflights itself.',
  async run(edge, found) {
    const ask = (Origin: string, path: string, method: string): Promise<Answer> =>
      edge.wire.send({
        method: 'OPTIONS',
        path,
        headers: {
          Origin,
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': 'authorization,content-type,dpop,idempotency-key',
        },
      })
    const passed = await ask(edge.origin, '/api/widget/message', 'POST')
    checkPassed(passed, edge, found)
    const patch = await ask(edge.origin, '/api/widget/session/x', 'PATCH')
    if (!/\bPATCH\b/.test(patch.headers['access-control-allow-methods'] ?? ''))
      found('PATCH of a session does not pass')
    for (const other of [STRANGER, 'null']) {
      const answer = await ask(other, '/api/widget/message', 'POST')
      if (readable(answer, other)) found(`the preflight of ${other} passes: ${acao(answer)}`)
    }
    return undefined
  },
}

function checkPassed(answer: Answer, { origin }: Examined, found: (saw: string) => void): void {
  const list = (name: string) => (answer.headers[name] ?? '').toLowerCase().split(/\s*,\s*/)
  if (answer.status < 200 || answer.status > 299) found(`the preflight of ${origin} answers ${answer.status}`)
  if (acao(answer) !== origin) found(`the preflight of ${origin} allows ${acao(answer) || 'nobody'}`)
  const missing = ['authorization', 'content-type', 'dpop', 'idempotency-key'].filter(
    (name) => !list('access-control-allow-headers').includes(name),
  )
  if (missing.length > 0) found(`the preflight does not allow the header ${missing.join(', ')}`)
  if (!list('access-control-allow-methods').includes('post')) found('the preflight does not allow POST')
  const kept = Number(answer.headers['access-control-max-age'] ?? 0)
  if (!(kept >= 600)) found(`browsers keep the preflight for ${kept} s only, so each message costs two round trips`)
}

const cors: Check = {
  id: 'cors',
  title: 'Only the allowed page can read answers',
  severity: 'serious',
  advice: 'Remove header rules in front of the Worker: it sets the CORS fields of every answer itself.',
  async run({ wire, widget, origin }, found) {
    const answers = [
      await askToken(wire, tokenForm(widget), { Origin: origin }),
      await wire.send({ path: '/api/widget/config', headers: { Origin: origin } }),
      await wire.send({ path: '/api/widget/no-such-call', headers: { Origin: origin } }),
      await askToken(wire, tokenForm(widget), { Origin: STRANGER }),
    ]
    for (const answer of answers) {
      const stranger = answer.call.headers?.Origin === STRANGER
      const what = `${named(answer)} (${answer.status})`
      if (!stranger && acao(answer) !== origin) found(`${what} can be read by ${acao(answer) || 'nobody'}`)
      if (stranger && readable(answer, STRANGER)) found(`${what} can be read by a stranger: ${acao(answer)}`)
      if (answer.headers['access-control-allow-credentials'] !== undefined) found(`${what} allows credentials`)
      if (!/(^|,)\s*(origin|\*)\s*(,|$)/i.test(answer.headers.vary ?? '')) found(`${what} does not vary by Origin`)
      if (stranger) continue
      const exposed = (answer.headers['access-control-expose-headers'] ?? '').toLowerCase()
      for (const name of ['retry-after', 'dpop-nonce', 'www-authenticate', 'x-request-id']) {
        if (!exposed.includes(name)) found(`${what} does not expose ${name} to the page`)
      }
    }
    return undefined
  },
}

const fetchMetadata: Check = {
  id: 'fetch-metadata',
  title: 'Forms, links and images are not taken for calls of the widget',
  severity: 'warning',
  advice: 'Let nothing in front of the Worker remove the Sec-Fetch fields.',
  async run({ wire, widget, origin }, found) {
    for (const [mode, site] of [
      ['navigate', 'cross-site'],
      ['no-cors', 'cross-site'],
      ['cors', 'none'],
    ] as const) {
      const fields = { Origin: origin, 'Sec-Fetch-Mode': mode, 'Sec-Fetch-Site': site }
      const answer = await askToken(wire, tokenForm(widget), fields)
      if (member(answer, 'access_token') !== undefined)
        found(`a token for Sec-Fetch-Mode ${mode}, Sec-Fetch-Site ${site}`)
      else refusedWith(answer, 403, 400)
    }
    return undefined
  },
}

const acao = (answer: Answer): string => answer.headers['access-control-allow-origin'] ?? ''
const readable = (answer: Answer, origin: string): boolean => acao(answer) === '*' || acao(answer) === origin

export const originChecks = [strangers, api, preflight, cors, fetchMetadata]
