/**
 * Every secret is changed while visitors write, with the old and the new version answering side by side as they do in
 * a gradual roll-out: no chat may notice. The visitors do what the widget does: a refused token is asked for anew with
 * the same key, and a session that is not known any more is opened again.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { HttpVisitor } from '../support/visitor.ts'
import { Bench, newApiKey, newFolder, newTokenSecret, PAGE } from '../support/worker.ts'

const bench = new Bench()
beforeAll(() => bench.start())
afterAll(() => bench.stop())

const ISSUER = 'https://chat.example'
const [first, second] = [newTokenSecret('a'), newTokenSecret('b')]
const gone = newApiKey()

/** Each step is a deployment; two that follow one another answer side by side. */
const STEPS: [what: string, steps: Record<string, string>[]][] = [
  [
    'TOKEN_SECRETS',
    [
      { TOKEN_SECRETS: first },
      // The new one verifies everywhere before it signs anywhere.
      { TOKEN_SECRETS: `${first},${second}` },
      { TOKEN_SECRETS: `${second},${first}` },
      { TOKEN_SECRETS: second },
    ],
  ],
  [
    'CATY_API_KEY',
    [
      // The old key stops at Caty while the first version still runs; the second has both.
      { CATY_API_KEY: bench.key, CATY_API_KEY_NEXT: gone },
      { CATY_API_KEY: gone, CATY_API_KEY_NEXT: bench.key },
      { CATY_API_KEY: bench.key },
    ],
  ],
]

type Chatting = { visitor: HttpVisitor; session: string }

async function openSession(visitor: HttpVisitor): Promise<string> {
  const { body } = await visitor.call('POST', '/api/widget/session', {})
  return String(Reflect.get(Object(body), 'session_id'))
}

/** The status a visitor is left with. */
async function chat(at: Chatting, message: string): Promise<number> {
  const key = { 'Idempotency-Key': `"${randomUUID()}"` }
  const send = () => at.visitor.call('POST', '/api/widget/message', { session_id: at.session, message }, key)
  let { status } = await send()
  if (status === 401) {
    await at.visitor.restart()
    status = (await send()).status
  }
  if (status === 404) {
    at.session = await openSession(at.visitor)
    status = (await send()).status
  }
  return status
}

it.each(STEPS)('%s is changed under load, and no message fails', async (_secret, steps) => {
  const storage = newFolder()
  const statuses: number[] = []
  const visitors: Chatting[] = []
  for (const [at, vars] of steps.slice(1).entries()) {
    // Both share one ledger in production; here it is a folder that one process can hold, so each has its own.
    const before = await bench.worker({ PUBLIC_URL: ISSUER, ...steps[at] }, `${storage}-${at}-before`)
    const after = await bench.worker({ PUBLIC_URL: ISSUER, ...vars }, `${storage}-${at}-after`)
    const urls = [before.url, after.url]
    for (let more = 0; more < 4; more++) {
      const visitor = await HttpVisitor.login(urls[more % 2] ?? '', PAGE, ISSUER)
      visitors.push({ visitor, session: await openSession(visitor) })
    }
    await Promise.all(
      visitors.map(async (each, number) => {
        const { visitor } = each
        for (let turn = 0; turn < 3; turn++) {
          visitor.edge = urls[(number + turn) % 2] ?? ''
          statuses.push(await chat(each, `Question ${turn}`))
          visitor.edge = urls[(number + turn + 1) % 2] ?? ''
          const renewed = await visitor.renew()
          statuses.push(renewed === 400 ? await visitor.restart() : renewed)
        }
      }),
    )
    await Promise.all([before.kill(), after.kill()])
  }
  expect(statuses.length).toBeGreaterThan(60)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})
