/**
 * The queues of wrangler.toml as an owner turns them on: their lines are uncommented, and wrangler's local edge runs
 * the Worker with the platform's simulated Queues.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parse } from 'smol-toml'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Running, startUntilAnswers } from '../../cli/start/processes.ts'
import { edgeProgram } from '../../cli/start/run.ts'
import { ATTEMPTS } from '../../edge/outbox/schedule.ts'
import { freePort } from '../support/free-port.ts'
import { Receiver } from '../support/receiver.ts'
import { messageReceived, sendWebhook } from '../support/webhook-sender.ts'
import { newApiKey, newFolder, newTokenSecret, PAGE } from '../support/worker.ts'

const SECRET = randomBytes(24).toString('hex')
const TARGET_SECRET = `whsec_${randomBytes(32).toString('base64')}`

const turnedOn = readFileSync('wrangler.toml', 'utf8').replaceAll(/^#queues# /gm, '')

/** Beside wrangler.toml, because its paths are relative to itself; git ignores it. */
let config = ''
let receiver: Receiver
let running: Running | undefined
let edge = ''

beforeAll(async () => {
  receiver = await new Receiver(TARGET_SECRET).start()
  const port = await freePort()
  edge = `http://127.0.0.1:${port}`
  const settings = {
    CATY_API_KEY: newApiKey(),
    TOKEN_SECRETS: newTokenSecret('k1'),
    ALLOWED_ORIGINS: PAGE,
    CATY_WEBHOOK_SECRETS: SECRET,
    WEBHOOK_TARGET_URL: receiver.url,
    WEBHOOK_TARGET_SECRET: TARGET_SECRET,
    WEBHOOK_DELIVERY: 'queue',
  }
  // Its own name, because wrangler reloads whenever its file is written.
  config = `wrangler.${port}.toml`
  writeFileSync(config, turnedOn)
  const program = edgeProgram({ ...process.env, WRANGLER_LOG: 'log' }, { config, port, settings, state: newFolder() })
  running = await startUntilAnswers(program, `${edge}/health`)
})

afterAll(async () => {
  await running?.stop()
  rmSync(config, { force: true })
  receiver.stop()
})

describe('the queues of wrangler.toml', () => {
  it('retry as often as the schedule has attempts', () => {
    const Queues = v.object({
      queues: v.object({
        producers: v.array(v.object({ binding: v.string(), queue: v.string() })),
        consumers: v.array(
          v.object({
            queue: v.string(),
            max_retries: v.optional(v.number()),
            dead_letter_queue: v.optional(v.string()),
          }),
        ),
      }),
    })
    const { producers, consumers } = v.parse(Queues, parse(turnedOn)).queues
    const name = producers[0]?.queue ?? ''
    expect(producers).toEqual([{ binding: 'WEBHOOKS', queue: name }])
    expect(consumers).toMatchObject([
      { queue: name, max_retries: ATTEMPTS - 1, dead_letter_queue: `${name}-dead` },
      { queue: `${name}-dead` },
    ])
    expect(parse(readFileSync('wrangler.toml', 'utf8')).queues).toBeUndefined()
  })

  it('deliver every event to the target once, and each conversation in order', async () => {
    const sent: Record<string, string[]> = { a: [], b: [] }
    for (let n = 0; n < 4; n++) {
      for (const [session, texts] of Object.entries(sent)) {
        const text = `${session}${n}`
        texts.push(text)
        expect(await sendWebhook(edge, messageReceived(session, text), SECRET)).toBe(202)
      }
    }
    await receiver.events(8)
    const came = receiver.came.map(({ body }) => String(Reflect.get(Object(body.data), 'message')))
    expect(came).toHaveLength(8)
    for (const [session, texts] of Object.entries(sent))
      expect(came.filter((text) => text[0] === session)).toEqual(texts)
    expect(receiver.came.every(({ verified }) => verified)).toBe(true)
    expect(running?.said()).toContain('caty-keyless-webhooks')
  })
})
