/** What a token may do, whose session it may touch, and the closed table of calls. No body here is one that Caty would get. */
import { answered, member, named, refusedWith } from '../answers.ts'
import type { Check } from '../check.ts'

const COMPARE = 'Compare the deployed version with a build of your own'
const PATHS_ADVICE =
  'Look for rewrite rules and other Workers on the same routes, and at what the build put into dist/assets; then compare with a build of your own.'
const CLOSED = [
  ...['/api/widget/no-such-call', '/api/keys', '/api/widget', '/.dev.vars', '/.env', '/.git/config', '/wrangler.toml'],
  ...['/wrangler.jsonc', '/package.json', '/_headers', '/widget.js.map', '/maps/widget.js.map'],
]
/** The runtime itself resolves dot segments, so those are not among them: what they resolve to is the call. */
const SPELLINGS = [
  ...['/api/widget/config/', '/api/widget/config%2f', '/api/widget/config%20', '/api/widget/config%00'],
  ...['/api/widget/config;x=1', '/api/widget/config.json', '/API/WIDGET/config', '/api/widget/%63onfig%2e'],
  '/api/widget/session/..%2f..%2fadmin%2fwidgets',
  '/api/widget/session/%2e%2e%2f%2e%2e%2fconfig',
  '/api/widget/http://169.254.169.254/latest/meta-data/',
  '/api/widget/config%0d%0aX-Doctor:%20seen',
  '/api/widget/@stranger.example/config',
]
/** What a text must not hold that goes to strangers: traces, files, and the insides of a runtime. */
const INSIDES = /\bat (?:async )?[\w.<>]+ \(|node_modules|\.ts:\d+|Error: |workerd|wrangler|stack/

export const callChecks: Check[] = [
  {
    id: 'scope',
    title: 'A token does what its scope says and nothing else',
    severity: 'critical',
    advice: `${COMPARE}: a token of any page view can chat.`,
    async run(edge, found) {
      const { visitors } = edge.facts
      const Authorization = `Bearer ${await visitors.bearer()}`
      const narrow = await visitors.another({ scope: 'config' })
      for (const [method, path] of [
        ['POST', '/api/widget/message'],
        ['PATCH', '/api/widget/session/x'],
        ['POST', '/api/widget/lead'],
        ['POST', '/api/widget/handoff/request'],
      ] as const) {
        const bare = await edge.post(path, '[]', { Authorization }, method)
        found.unless(bare, [401, 403], `${named(bare)} takes a token without a key`)
        const bound = await narrow.call(method, path, { body: '[]' })
        found.unless(bound, [401, 403], `${named(bound)} takes a token for config alone`)
      }
      const none = await edge.get('/api/widget/config')
      found.unless(none, [401], `${named(none)} needs no token`)
    },
  },
  {
    id: 'session-handle',
    title: 'Nobody enters a session they were not given',
    severity: 'critical',
    advice: `${COMPARE}: the id of a session is all it takes to read and write in it.`,
    async run({ facts }, found) {
      const visitor = await facts.visitors.bound()
      // A field that is too long: an edge that would take the session still refuses the body.
      const body = JSON.stringify({ name: 'x'.repeat(9000) })
      for (const made of ['sess_0123456789', `s1.k1.${'A'.repeat(64)}`]) {
        const answer = await visitor.call('PATCH', `/api/widget/session/${made}`, { body })
        found.unless(answer, [404], 'a made-up session is not refused with 404')
      }
    },
  },
  {
    id: 'owner-calls',
    title: 'Admin calls and webhooks are closed to everybody else',
    severity: 'critical',
    advice: `${COMPARE}, and change the keys of what was open.`,
    async run(edge, found) {
      const Authorization = `Bearer ${await edge.facts.visitors.bearer()}`
      const unsigned = '{"event":"doctor.probe"}'
      const answers = [
        await edge.get('/api/admin/widgets'),
        await edge.get('/api/admin/widgets', { Authorization }),
        await edge.get('/api/admin/leads', { Authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' }),
        await edge.post('/webhooks/caty', unsigned),
        await edge.post('/webhooks/caty', unsigned, { 'X-Caty-Signature': '0'.repeat(64) }),
      ]
      // 404 and 503 are a part that this edge does not have, or has not turned on.
      for (const answer of answers) found.unless(answer, [400, 401, 403, 404, 503], `${named(answer)} is open`)
      return answers.every(({ status }) => status === 404 || status === 503) ? 'both are off here' : undefined
    },
  },
  {
    id: 'paths-closed',
    title: 'Anything that is no call of the widget is 404',
    severity: 'serious',
    advice: PATHS_ADVICE,
    async run(edge, found) {
      for (const path of CLOSED) found.unless(await edge.get(path), [404], `${path} is there`)
      return `${CLOSED.length} paths tried`
    },
  },
  {
    id: 'path-tricks',
    title: 'A path is matched as it is written',
    severity: 'serious',
    advice: PATHS_ADVICE,
    async run(edge, found) {
      const Authorization = `Bearer ${await edge.facts.visitors.bearer()}`
      for (const path of SPELLINGS) {
        const answer = await edge.get(path, { Authorization })
        found.when(answer.headers['x-doctor'] !== undefined, `${path} writes a header into the answer`)
        found.unless(answer, [400, 404, 405], `${path} ${answer.status >= 500 ? 'makes the edge fail' : 'is there'}`)
      }
      return `${SPELLINGS.length} spellings tried`
    },
  },
  {
    id: 'methods',
    title: 'Another method is 405 and says which ones there are',
    severity: 'warning',
    advice: `${COMPARE}, and look for rules that change methods or headers.`,
    async run({ facts: { wire, origin } }, found) {
      for (const [method, path, allowed] of [
        ['GET', '/token', 'POST'],
        ['DELETE', '/api/widget/config', 'GET'],
        ['PUT', '/api/widget/message', 'POST'],
        ['POST', '/health', 'GET'],
      ] as const) {
        const body = method === 'GET' ? {} : { body: '' }
        const answer = await wire.send({ method, path, headers: { Origin: origin }, ...body })
        found.unless(answer, [405], `${named(answer)} is not refused with 405`)
        const says = (answer.headers.allow ?? '').includes(allowed)
        found.when(answer.status === 405 && !says, `${named(answer)} does not say Allow: ${allowed}`)
      }
    },
  },
  {
    id: 'refusals',
    title: 'Refusals are problem details and tell nothing of the inside',
    severity: 'warning',
    advice:
      'Look for custom error pages in front of the Worker: a widget cannot read them. Then compare with a build of your own.',
    async run(edge, found) {
      const Authorization = `Bearer ${await edge.facts.visitors.bearer()}`
      for (const answer of [
        await edge.get('/api/widget/no-such-call'),
        await edge.get('/api/widget/config'),
        await edge.post('/api/widget/message', '{', { Authorization }),
      ]) {
        const what = answered(answer)
        const type = answer.headers['content-type'] ?? 'of no type'
        if (type.startsWith('application/problem+json')) {
          const members = ['type', 'title', 'status', 'detail', 'code', 'error']
          const missing = members.filter((name) => member(answer, name) === undefined)
          const status = member(answer, 'status')
          found.when(missing.length > 0, `${what} lacks ${missing.join(', ')}`)
          found.when(status !== answer.status, `${what} says status ${status}`)
        } else found.add(`${what} is ${type} instead of application/problem+json`)
        const asks = answer.headers['www-authenticate'] !== undefined
        found.when(answer.status === 401 && !asks, `${what} has no WWW-Authenticate`)
        const inside = INSIDES.exec(answer.text)?.[0]
        found.when(inside !== undefined, `${what} tells of the inside: ${inside}`)
      }
    },
  },
  {
    id: 'limit-fields',
    title: 'Limited answers say what the limits are',
    severity: 'warning',
    advice: `Let nothing in front of the Worker remove RateLimit-Policy. ${COMPARE}.`,
    async run(edge, found) {
      const answers = [await edge.token(), await edge.read()]
      for (const answer of answers.filter(({ status }) => status === 200)) {
        const policy = answer.headers['ratelimit-policy'] ?? 'nothing'
        // As draft-ietf-httpapi-ratelimit-headers writes it.
        const reads = /^"[a-z-]+";q=\d+;w=\d+(, "[a-z-]+";q=\d+;w=\d+)*$/.test(policy)
        found.when(!reads, `${named(answer)} says ${policy} in RateLimit-Policy`)
      }
      refusedWith(answers[0] ?? edge.facts.launcher, 200)
      return answers[0]?.headers['ratelimit-policy']
    },
  },
]
