/** The closed table: what is not in it does not exist, however it is spelled. */
import { member, named } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'

const ADVICE =
  'Look for rewrite rules and other Workers on the same routes, and at what the build put into dist/assets; then compare with a build of your own.'

const closed: Check = {
  id: 'paths-closed',
  title: 'Anything that is no call of the widget is 404',
  severity: 'serious',
  advice: ADVICE,
  async run({ wire, origin }, found) {
    const paths = [
      '/api/widget/no-such-call',
      '/api/keys',
      '/api/widget',
      '/.dev.vars',
      '/.env',
      '/.git/config',
      '/wrangler.toml',
      '/wrangler.jsonc',
      '/package.json',
      '/_headers',
      '/widget.js.map',
      '/maps/widget.js.map',
    ]
    for (const path of paths) {
      const answer = await wire.send({ path, headers: { Origin: origin } })
      if (!refusedWith(answer, 404)) found(`${path} answers ${answer.status}`)
    }
    return `${paths.length} paths tried`
  },
}

const tricks: Check = {
  id: 'path-tricks',
  title: 'A path is matched as it is written',
  severity: 'serious',
  advice: ADVICE,
  async run({ wire, origin, visitors }, found) {
    const headers = { Origin: origin, Authorization: `Bearer ${await visitors.bearer()}` }
    // The runtime itself resolves dot segments, so those are not among them: what they resolve to is the call.
    const paths = [
      '/api/widget/config/',
      '/api/widget/config%2f',
      '/api/widget/config%20',
      '/api/widget/config%00',
      '/api/widget/config;x=1',
      '/api/widget/config.json',
      '/API/WIDGET/config',
      '/api/widget/%63onfig%2e',
      '/api/widget/session/..%2f..%2fadmin%2fwidgets',
      '/api/widget/session/%2e%2e%2f%2e%2e%2fconfig',
      '/api/widget/http://169.254.169.254/latest/meta-data/',
      '/api/widget/config%0d%0aX-Doctor:%20seen',
      '/api/widget/@stranger.example/config',
    ]
    for (const path of paths) {
      const answer = await wire.send({ path, headers })
      if (answer.headers['x-doctor'] !== undefined) found(`${path} writes a header into the answer`)
      if (answer.status >= 500) found(`${path} makes the edge fail (${answer.status})`)
      else if (!refusedWith(answer, 400, 404, 405)) found(`${path} answers ${answer.status}`)
    }
    return `${paths.length} spellings tried`
  },
}

const methods: Check = {
  id: 'methods',
  title: 'Another method is 405 and says which ones there are',
  severity: 'warning',
  advice: 'Compare the deployed version with a build of your own, and look for rules that change methods or headers.',
  async run({ wire, origin }, found) {
    const headers = { Origin: origin }
    for (const [method, path, allowed] of [
      ['GET', '/token', 'POST'],
      ['DELETE', '/api/widget/config', 'GET'],
      ['PUT', '/api/widget/message', 'POST'],
      ['POST', '/health', 'GET'],
    ] as const) {
      const answer = await wire.send({ method, path, headers, ...(method !== 'GET' && { body: '' }) })
      if (!refusedWith(answer, 405)) found(`${named(answer)} answers ${answer.status}`)
      else if (!(answer.headers.allow ?? '').includes(allowed)) found(`${named(answer)} does not say Allow: ${allowed}`)
    }
    return undefined
  },
}

/** What a text must not hold that goes to strangers: traces, files, and the insides of a runtime. */
const INSIDES = /\bat (?:async )?[\w.<>]+ \(|node_modules|\.ts:\d+|Error: |workerd|wrangler|stack/

const refusals: Check = {
  id: 'refusals',
  title: 'Refusals are problem details and tell nothing of the inside',
  severity: 'warning',
  advice:
    'Look for custom error pages in front of the Worker: a widget cannot read them. Then compare with a build of your own.',
  async run({ wire, origin, visitors }, found) {
    const headers = { Origin: origin }
    const answers = [
      await wire.send({ path: '/api/widget/no-such-call', headers }),
      await wire.send({ path: '/api/widget/config', headers }),
      await wire.send({
        path: '/api/widget/message',
        method: 'POST',
        headers: { ...headers, Authorization: `Bearer ${await visitors.bearer()}`, 'Content-Type': 'application/json' },
        body: '{',
      }),
    ]
    for (const answer of answers) {
      const what = `${named(answer)} (${answer.status})`
      if (!(answer.headers['content-type'] ?? '').startsWith('application/problem+json')) {
        found(`${what} is ${answer.headers['content-type'] ?? 'of no type'} instead of application/problem+json`)
      } else {
        const missing = ['type', 'title', 'status', 'detail', 'code', 'error'].filter(
          (name) => member(answer, name) === undefined,
        )
        if (missing.length > 0) found(`${what} lacks ${missing.join(', ')}`)
        if (member(answer, 'status') !== answer.status) found(`${what} says status ${member(answer, 'status')}`)
      }
      if (answer.status === 401 && answer.headers['www-authenticate'] === undefined)
        found(`${what} has no WWW-Authenticate`)
      if (INSIDES.test(answer.text)) found(`${what} tells of the inside: ${(INSIDES.exec(answer.text) ?? [''])[0]}`)
    }
    return undefined
  },
}

export const pathChecks = [closed, tricks, methods, refusals]
