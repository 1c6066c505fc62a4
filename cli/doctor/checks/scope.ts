/** What a token may do, and whose session it may touch. Every body here is one that is refused before Caty. */
import { named } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'

const scope: Check = {
  id: 'scope',
  title: 'A token does what its scope says and nothing else',
  severity: 'critical',
  advice: 'Compare the deployed version with a build of your own: a token of any page view can chat.',
  async run({ wire, origin, visitors }, found) {
    const bearer = await visitors.bearer()
    const narrow = await visitors.another({ scope: 'config' })
    for (const path of [
      '/api/widget/message',
      '/api/widget/session/x',
      '/api/widget/lead',
      '/api/widget/handoff/request',
    ]) {
      const method = path.includes('/session/') ? 'PATCH' : 'POST'
      const answer = await wire.send({
        method,
        path,
        headers: { Origin: origin, Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
        body: '[]',
      })
      if (!refusedWith(answer, 401, 403))
        found(`${named(answer)} takes a token without a key (status ${answer.status})`)
      const bound = await narrow.call(method, path, { body: '[]' })
      if (!refusedWith(bound, 401, 403))
        found(`${named(bound)} takes a token for config alone (status ${bound.status})`)
    }
    const none = await wire.send({ path: '/api/widget/config', headers: { Origin: origin } })
    if (!refusedWith(none, 401)) found(`${named(none)} needs no token (status ${none.status})`)
    return undefined
  },
}

const handle: Check = {
  id: 'session-handle',
  title: 'Nobody enters a session he was not given',
  severity: 'critical',
  advice:
    'Compare the deployed version with a build of your own: the id of a session is all it takes to read and write in it.',
  async run({ visitors }, found) {
    const visitor = await visitors.bound()
    for (const made of ['sess_0123456789', `s1.k1.${'A'.repeat(64)}`]) {
      // A field that is too long: an edge that would take the session still refuses the body.
      const answer = await visitor.call('PATCH', `/api/widget/session/${made}`, {
        body: JSON.stringify({ name: 'x'.repeat(9000) }),
      })
      if (!refusedWith(answer, 404)) found(`a made-up session is answered ${answer.status} instead of 404`)
    }
    return undefined
  },
}

/** Calls that are not a visitor's. 404 and 503 are a part that this edge does not have, or has not turned on. */
const owners: Check = {
  id: 'owner-calls',
  title: 'Admin calls and webhooks are closed to everybody else',
  severity: 'critical',
  advice: 'Compare the deployed version with a build of your own, and change the keys of what was open.',
  async run({ wire, origin, visitors }, found) {
    const bearer = await visitors.bearer()
    const unsigned = '{"event":"doctor.probe"}'
    const signature = '0'.repeat(64)
    const json = { 'Content-Type': 'application/json' }
    const answers = [
      await wire.send({ path: '/api/admin/widgets', headers: { Origin: origin } }),
      await wire.send({ path: '/api/admin/widgets', headers: { Origin: origin, Authorization: `Bearer ${bearer}` } }),
      await wire.send({ path: '/api/admin/leads', headers: { Authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } }),
      await wire.send({ method: 'POST', path: '/webhooks/caty', headers: json, body: unsigned }),
      await wire.send({
        method: 'POST',
        path: '/webhooks/caty',
        headers: { ...json, 'X-Caty-Signature': signature },
        body: unsigned,
      }),
    ]
    for (const answer of answers) {
      if (!refusedWith(answer, 400, 401, 403, 404, 503)) found(`${named(answer)} answers ${answer.status}`)
    }
    return answers.every(({ status }) => status === 404 || status === 503) ? 'both are off here' : undefined
  },
}

export const scopeChecks = [scope, handle, owners]
