/** Are calls limited, and is a client told by how much? */
import { named } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'
import { askToken, tokenForm } from '../visitor.ts'
import type { Answer } from '../wire.ts'

/** `"calls";q=120;w=60`, as draft-ietf-httpapi-ratelimit-headers writes it. */
const POLICY = /^"[a-z-]+";q=\d+;w=\d+(, "[a-z-]+";q=\d+;w=\d+)*$/
/** The default of the edge for bound tokens an address and minute, and a few more: the platform counts loosely. */
const FLOOD = 65

const fields: Check = {
  id: 'limit-fields',
  title: 'Limited answers say what the limits are',
  severity: 'warning',
  advice:
    'Let nothing in front of the Worker remove RateLimit-Policy; compare the deployed version with a build of your own.',
  async run({ wire, widget, origin, visitors }, found) {
    const headers = { Origin: origin, Authorization: `Bearer ${await visitors.bearer()}` }
    const answers = [
      await askToken(wire, tokenForm(widget), { Origin: origin }),
      await wire.send({ path: '/api/widget/config', headers }),
    ]
    for (const answer of answers.filter(({ status }) => status === 200)) {
      const policy = answer.headers['ratelimit-policy']
      if (policy === undefined) found(`${named(answer)} has no RateLimit-Policy`)
      else if (!POLICY.test(policy)) found(`${named(answer)} has a RateLimit-Policy that cannot be read: ${policy}`)
    }
    return answers[0]?.headers['ratelimit-policy']
  },
}

const flood: Check = {
  id: 'limit-flood',
  title: 'An address that asks for token after token is stopped, and told for how long',
  severity: 'critical',
  advice:
    'Bind BOUND_TOKENS_PER_ADDRESS with a namespace_id of its own (compare wrangler.toml); its counters belong to one place of Cloudflare, so run again before you worry.',
  only: 'thorough',
  async run({ wire, widget, origin }, found) {
    let stopped: Answer | undefined
    for (let call = 0; call < FLOOD && !stopped; call++) {
      // With a proof that is none: counted like a good one, and no token comes of it.
      const answer = await askToken(wire, tokenForm(widget), { Origin: origin, DPoP: 'x' })
      if (refusedWith(answer, 429)) stopped = answer
    }
    if (!stopped) {
      found(`${FLOOD} requests for bound tokens in a row were all heard`)
      return undefined
    }
    if (!/^[1-9]\d*$/.test(stopped.headers['retry-after'] ?? '')) found('the 429 has no Retry-After')
    if (stopped.headers.ratelimit === undefined) found('the 429 has no RateLimit')
    return `stopped, for ${stopped.headers['retry-after'] ?? '?'} s; this address gets no new chat until then`
  },
}

export const limitChecks = [fields]
export const floodChecks = [flood]
