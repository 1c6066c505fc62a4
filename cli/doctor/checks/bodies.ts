/** Bodies that are too large, too slow or no body at all, none of which Caty would get; and, asked for, one that it gets. */
import { randomUUID } from 'node:crypto'
import { answered, member, named, refusedWith, Skipped, text } from '../answers.ts'
import type { Check } from '../check.ts'
import { askToken, tokenForm, type Visitor } from '../visitor.ts'

const KIB = 1024
/** Milliseconds an edge may wait for a body that does not end; its own bound is 10 s. */
const PATIENCE_MS = 15_000
const FORM = 'application/x-www-form-urlencoded'
const MESSAGE = '/api/widget/message'
const SAID = 'This is a test by the owner of this site. No answer is needed.'
const padded = (kib: number): string => JSON.stringify({ padding: 'x'.repeat(kib * KIB) })

async function openSession(visitor: Visitor): Promise<string> {
  const answer = await visitor.call('POST', '/api/widget/session', { body: '{}' })
  const id = text(member(answer, 'session_id'))
  if (id !== '') return id
  throw new Skipped(`no session could be opened (status ${answer.status}, ${text(member(answer, 'code'))})`)
}

export const bodyChecks: Check[] = [
  {
    id: 'body-large',
    title: 'Large bodies are refused, whatever their length field says',
    severity: 'serious',
    advice: 'Compare the deployed version with a build of your own: bodies are counted on the bytes that arrive.',
    async run({ facts: { wire, widget, origin, visitors } }, found) {
      const visitor = await visitors.bound()
      const form = `${tokenForm(widget)}&padding=${'x'.repeat(20 * KIB)}`
      const headers = { Origin: origin, 'Content-Type': FORM }
      for (const [why, answer] of [
        ['20 KB', await askToken(wire, form, { Origin: origin })],
        ['20 KB in chunks', await wire.send({ method: 'POST', path: '/token', headers, body: form, chunked: true })],
        ['20 KB', await visitor.call('POST', MESSAGE, { body: padded(20) })],
        ['80 KB', await visitor.call('POST', '/api/widget/track', { body: padded(80) })],
      ] as const) {
        found.unless(answer, [413], `${named(answer)} does not refuse ${why} with 413`)
      }
    },
  },
  {
    id: 'body-malformed',
    title: 'What is no body of a call is refused, and nothing fails',
    severity: 'serious',
    advice: 'Look at the log of the Worker for the request ids; compare the deployed version with a build of your own.',
    async run(edge, found) {
      const { wire, widget, origin, visitors } = edge.facts
      const visitor = await visitors.bound()
      const message = (body: string, headers = {}) => visitor.call('POST', MESSAGE, { body, headers })
      const ask = (form: string, headers = {}) => askToken(wire, form, { Origin: origin, ...headers })
      const tries = [
        ['half a JSON', await message('{"session_id":')],
        ['a list', await message('[]')],
        ['null', await message('null')],
        ['no text', await message('')],
        ['deep JSON', await message('['.repeat(5000))],
        ['a prototype', await message('{"__proto__":{"session_id":"x"},"constructor":1}')],
        ['a number for a session', await message('{"session_id":1,"message":"x"}')],
        ['a form', await message('a=b', { 'Content-Type': FORM })],
        ['a parameter twice', await ask(`${tokenForm(widget)}&scope=config&scope=track`)],
        ['JSON for a form', await ask('{}', { 'Content-Type': 'application/json' })],
        ['credentials', await edge.token({}, { Authorization: 'Basic YTpi' })],
      ] as const
      for (const [why, answer] of tries) {
        const verb = answer.status >= 500 ? 'fails at' : 'takes'
        found.unless(answer, [400, 401, 404, 413, 415, 422], `${named(answer)} ${verb} ${why}`)
      }
      return `${tries.length} bodies refused`
    },
  },
  {
    id: 'body-slow',
    title: 'A body that never ends is not waited for',
    severity: 'serious',
    advice:
      'Compare the deployed version with a build of your own: a slow body holds a place of the Worker for as long as it likes.',
    slow: true,
    async run({ facts: { wire, origin } }, found) {
      const headers = { Origin: origin, 'Content-Type': FORM }
      const { answer, ms } = await wire.trickle({ method: 'POST', path: '/token', headers }, PATIENCE_MS)
      const seconds = Math.round(ms / 1000)
      found.when(!answer, `after ${seconds} s of single bytes it still waits`)
      found.when(answer?.status === 200, 'it answers 200 to half a body')
      return `given up after ${seconds} s`
    },
  },
]

export const chatChecks: Check[] = [
  {
    id: 'chat',
    title: "A message is answered, once, and its session is nobody else's",
    severity: 'critical',
    advice:
      'docs/problems.md explains the refusal; a session that others can enter is a reason to take the edge off the net.',
    only: 'chat',
    async run({ facts: { visitors } }, found) {
      const [visitor, other] = [await visitors.bound(), await visitors.another()]
      const session_id = await openSession(visitor)
      const headers = { 'Idempotency-Key': `"${randomUUID()}"` }
      const say = (who: Visitor, message: string, more = {}) =>
        who.call('POST', MESSAGE, { body: JSON.stringify({ session_id, message }), headers: more })
      found.unless(await say(other, SAID), [404], "another visitor's message in the session is answered")
      const first = await say(visitor, SAID, headers)
      if (!refusedWith(first, 200)) {
        found.add(`${answered(first)} says ${text(member(first, 'code'))}`)
        return undefined
      }
      const again = await say(visitor, SAID, headers)
      found.when(
        again.text !== first.text,
        `the same key gets another answer (${again.status}): a retry would be paid twice`,
      )
      const changed = await say(visitor, `${SAID}!`, headers)
      found.unless(changed, [422], 'the same key with another text is not refused with 422')
      found.when(first.headers.ratelimit === undefined, 'the answer does not say what is left of the limits')
      return `answered in ${Math.round(first.ms)} ms`
    },
  },
]
