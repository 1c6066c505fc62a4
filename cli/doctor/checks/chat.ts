/** Asked for with --chat: two sessions and one message, which Caty sees and the owner's quota pays. */
import { randomUUID } from 'node:crypto'
import { member, text } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'
import { Skipped } from '../skipped.ts'
import type { Visitor } from '../visitor.ts'

const SAID = 'This is a test by the owner of this site. No answer is needed.'

async function openSession(visitor: Visitor): Promise<string> {
  const answer = await visitor.call('POST', '/api/widget/session', { body: '{}' })
  const id = text(member(answer, 'session_id'))
  if (id === '')
    throw new Skipped(`no session could be opened (status ${answer.status}, ${text(member(answer, 'code'))})`)
  return id
}

const chat: Check = {
  id: 'chat',
  title: "A message is answered, once, and its session is nobody else's",
  severity: 'critical',
  advice:
    'docs/problems.md explains the refusal; a session that others can enter is a reason to take the edge off the net.',
  only: 'chat',
  async run({ visitors }, found) {
    const [visitor, other] = [await visitors.bound(), await visitors.another()]
    const session_id = await openSession(visitor)
    const taken = await other.call('POST', '/api/widget/message', {
      body: JSON.stringify({ session_id, message: SAID }),
    })
    if (!refusedWith(taken, 404)) found(`another visitor's message in the session is answered ${taken.status}`)
    const body = JSON.stringify({ session_id, message: SAID })
    const headers = { 'Idempotency-Key': `"${randomUUID()}"` }
    const first = await visitor.call('POST', '/api/widget/message', { body, headers })
    if (!refusedWith(first, 200)) {
      found(`a message is answered ${first.status} (${text(member(first, 'code'))})`)
      return undefined
    }
    const again = await visitor.call('POST', '/api/widget/message', { body, headers })
    if (again.text !== first.text)
      found(`the same key gets another answer (${again.status}): a retry would be paid twice`)
    const changed = await visitor.call('POST', '/api/widget/message', {
      body: JSON.stringify({ session_id, message: `${SAID}!` }),
      headers,
    })
    if (!refusedWith(changed, 422)) found(`the same key with another text is answered ${changed.status} instead of 422`)
    if (first.headers.ratelimit === undefined) found('the answer does not say what is left of the limits')
    return `answered in ${Math.round(first.ms)} ms`
  },
}

export const chatChecks = [chat]
