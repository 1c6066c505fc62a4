/** The configuration: served, fresh, and kept by nobody but the edge. */
import { hasDirective, member } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'

/** Seconds; past this the edge serves what it has only because Caty fails. */
const MAX_AGE_S = 6 * 60

const fresh: Check = {
  id: 'config-fresh',
  title: 'The configuration is served and fresh',
  severity: 'serious',
  advice:
    'stale-if-error: Caty fails or refuses the key, see /health and the log of the Worker. Age, or another cache in Cache-Status: remove the cache rule in front of /api/.',
  async run({ wire, origin, visitors }, found) {
    const headers = { Origin: origin, Authorization: `Bearer ${await visitors.bearer()}` }
    const read = () => wire.send({ path: '/api/widget/config', headers })
    // The first of a quiet hour may be old and asks for a new one; the second has it.
    const first = await read()
    const answer = first.headers['cache-status']?.includes('stale-while-revalidate') ? await read() : first
    if (!refusedWith(answer, 200)) {
      found(`it answers ${answer.status} (${member(answer, 'code') ?? 'no code'})`)
      return undefined
    }
    if (typeof member(answer, 'config') !== 'object') found('the answer has no config')
    const said = answer.headers['cache-status'] ?? ''
    const age = Number(answer.headers.age ?? 0)
    if (said.includes('stale-if-error')) found(`it is an old one, because Caty fails: ${said}`)
    if (age > MAX_AGE_S) found(`it is ${age} s old`)
    const others = said.split(/,\s*/).filter((member) => member !== '' && !member.startsWith('caty-keyless'))
    if (others.length > 0) found(`another cache stands before the edge: ${others.join(', ')}`)
    if (/\bHIT\b/i.test(answer.headers['cf-cache-status'] ?? '')) found("Cloudflare's own cache answers it")
    if (!hasDirective(answer, 'no-store'))
      found(`browsers may keep it: ${answer.headers['cache-control'] ?? 'no Cache-Control'}`)
    return said
  },
}

export const configChecks = [fresh]
