/** Bodies that are too large, too slow or no body at all. None of them is one that Caty would get. */
import { named } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'
import { askToken, tokenForm } from '../visitor.ts'
import type { Answer } from '../wire.ts'

const KIB = 1024
/** Milliseconds an edge may wait for a body that does not end; its own bound is 10 s. */
const PATIENCE_MS = 15_000

const large: Check = {
  id: 'body-large',
  title: 'Large bodies are refused, whatever their length field says',
  severity: 'serious',
  advice: 'Compare the deployed version with a build of your own: bodies are counted on the bytes that arrive.',
  async run({ wire, widget, origin, visitors }, found) {
    const visitor = await visitors.bound()
    const padded = JSON.stringify({ padding: 'x'.repeat(20 * KIB) })
    const form = `${tokenForm(widget)}&padding=${'x'.repeat(20 * KIB)}`
    const asForm = { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' }
    const answers: [why: string, answer: Answer][] = [
      ['20 KB', await askToken(wire, form, { Origin: origin })],
      [
        '20 KB in chunks',
        await wire.send({ method: 'POST', path: '/token', headers: asForm, body: form, chunked: true }),
      ],
      ['20 KB', await visitor.call('POST', '/api/widget/message', { body: padded })],
      [
        '80 KB',
        await visitor.call('POST', '/api/widget/track', { body: JSON.stringify({ padding: 'x'.repeat(80 * KIB) }) }),
      ],
    ]
    for (const [why, answer] of answers) {
      if (!refusedWith(answer, 413)) found(`${named(answer)} answers ${answer.status} to ${why} instead of 413`)
    }
    return undefined
  },
}

const malformed: Check = {
  id: 'body-malformed',
  title: 'What is no body of a call is refused, and nothing fails',
  severity: 'serious',
  advice: 'Look at the log of the Worker for the request ids; compare the deployed version with a build of your own.',
  async run({ wire, widget, origin, visitors }, found) {
    const visitor = await visitors.bound()
    const message = (body: string, headers = {}) => visitor.call('POST', '/api/widget/message', { body, headers })
    const tries: [why: string, answer: Answer][] = [
      ['half a JSON', await message('{"session_id":')],
      ['a list', await message('[]')],
      ['null', await message('null')],
      ['no text', await message('')],
      ['deep JSON', await message('['.repeat(5000))],
      ['a prototype', await message('{"__proto__":{"session_id":"x"},"constructor":1}')],
      ['a number for a session', await message('{"session_id":1,"message":"x"}')],
      ['a form', await message('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' })],
      ['a parameter twice', await askToken(wire, `${tokenForm(widget)}&scope=config&scope=track`, { Origin: origin })],
      ['JSON for a form', await askToken(wire, '{}', { Origin: origin, 'Content-Type': 'application/json' })],
      ['credentials', await askToken(wire, tokenForm(widget), { Origin: origin, Authorization: 'Basic YTpi' })],
    ]
    for (const [why, answer] of tries) {
      if (answer.status >= 500) found(`${named(answer)} fails at ${why} (${answer.status})`)
      else if (!refusedWith(answer, 400, 401, 404, 413, 415, 422))
        found(`${named(answer)} takes ${why} (${answer.status})`)
    }
    return `${tries.length} bodies refused`
  },
}

const slow: Check = {
  id: 'body-slow',
  title: 'A body that never ends is not waited for',
  severity: 'serious',
  advice:
    'Compare the deployed version with a build of your own: a slow body holds a place of the Worker for as long as it likes.',
  slow: true,
  async run({ wire, origin }, found) {
    const { answer, ms } = await wire.trickle(
      {
        method: 'POST',
        path: '/token',
        headers: { Origin: origin, 'Content-Type': 'application/x-www-form-urlencoded' },
      },
      PATIENCE_MS,
    )
    if (!answer) found(`after ${Math.round(ms / 1000)} s of single bytes it still waits`)
    else if (answer.status === 200) found('it answers 200 to half a body')
    return `given up after ${Math.round(ms / 1000)} s`
  },
}

export const bodyChecks = [large, malformed, slow]
