/**
 * A Worker that is killed between its acknowledgement and the delivery, and the operator's command, as complete
 * processes.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Receiver } from '../support/receiver.ts'
import { messageReceived, sendWebhook } from '../support/webhook-sender.ts'
import { Bench, newFolder, newTokenSecret } from '../support/worker.ts'

const bench = new Bench()
const receivers: Receiver[] = []
beforeAll(() => bench.start())
afterAll(() => {
  for (const receiver of receivers) receiver.stop()
  return bench.stop()
})

const SECRET = randomBytes(24).toString('hex')

async function newReceiver(): Promise<{ receiver: Receiver; vars: Record<string, string> }> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`
  const receiver = await new Receiver(secret).start()
  receivers.push(receiver)
  const target = { WEBHOOK_TARGET_URL: receiver.url, WEBHOOK_TARGET_SECRET: secret }
  return { receiver, vars: { CATY_WEBHOOK_SECRETS: SECRET, ...target } }
}

const textOf = ({ body }: { body: Record<string, unknown> }) => String(Reflect.get(Object(body.data), 'message'))

describe('a Worker that is killed', () => {
  it('between acknowledgement and delivery delivers by itself after its restart', async () => {
    const { receiver, vars } = await newReceiver()
    const storage = newFolder()
    // The target accepts the call and never answers: the delivery is running and not done.
    receiver.answer = () => undefined
    const first = await bench.worker(vars, storage)
    for (const message of ['one', 'two', 'three'])
      expect(await sendWebhook(first.url, messageReceived(`sess_${message}`, message), SECRET)).toBe(202)
    await receiver.events(3)
    await first.kill()
    receiver.came.length = 0
    receiver.recover()
    await bench.worker(vars, storage)
    await receiver.events(3)
    expect(receiver.came.map(textOf).sort()).toEqual(['one', 'three', 'two'])
    expect(receiver.came.every(({ verified }) => verified)).toBe(true)
  })

  it('repeatedly while events come still delivers each acknowledged event', async () => {
    const { receiver, vars } = await newReceiver()
    const storage = newFolder()
    const sent: Record<string, string[]> = { a: [], b: [], c: [] }
    let kills = 0
    let worker = await bench.worker(vars, storage)
    for (let round = 0; round < 6; round++) {
      const bodies = Object.entries(sent).flatMap(([session, texts]) =>
        Array.from({ length: 3 }, (_, n) => {
          const text = `${session}${round}${n}`
          texts.push(text)
          return messageReceived(session, text)
        }),
      )
      // The seventh event is on its way when the process ends.
      const dying = bodies.map(async (body, at) => {
        if (at === 6) {
          kills += 1
          await worker.kill()
        }
        return at < 6 ? sendWebhook(worker.url, body, SECRET) : undefined
      })
      const statuses = await Promise.all(dying)
      worker = await bench.worker(vars, storage)
      // Caty repeats what was not acknowledged, and here also what was: neither may arrive twice.
      for (const body of bodies) expect(await sendWebhook(worker.url, body, SECRET)).toBe(202)
      expect(statuses.filter((status) => status !== undefined && status !== 202)).toEqual([])
    }
    const all = Object.values(sent).flat()
    await receiver.events(all.length)
    const firsts = receiver.came.filter(({ id }, at) => receiver.came.findIndex((other) => other.id === id) === at)
    expect(new Set(firsts.map(textOf))).toEqual(new Set(all))
    expect(firsts).toHaveLength(all.length)
    // If the process is killed after the receiver's answer and before it is stored, the same webhook-id comes again.
    expect(receiver.came.length - firsts.length).toBeLessThanOrEqual(3 * kills)
  }, 120_000)
})

describe('npm run webhooks', () => {
  type Said = { code: number | null; out: string; err: string }
  function webhooks(args: string[], env: Record<string, string> = {}): Promise<Said> {
    const child = spawn(process.execPath, ['cli/index.ts', 'webhooks', ...args], {
      env: { PATH: process.env.PATH, ...env },
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
  }

  it('lists dead letters and sends them again', async () => {
    const { receiver, vars } = await newReceiver()
    const storage = newFolder()
    const unset = await bench.worker({ CATY_WEBHOOK_SECRETS: SECRET }, storage)
    const own = { TOKEN_SECRETS: bench.secret, PUBLIC_URL: unset.url }
    expect(await webhooks(['list'], own)).toEqual({
      code: 0,
      out: 'No dead letters.\n0 events wait for delivery.\n',
      err: '',
    })
    expect(await sendWebhook(unset.url, messageReceived('sess_1', 'kept'), SECRET)).toBe(202)
    let listed = await webhooks(['list', '--json'], own)
    while (JSON.parse(listed.out).waiting === 1) listed = await webhooks(['list', '--json'], own)
    const { dead } = JSON.parse(listed.out)
    expect([listed.code, dead.length, dead[0].fault]).toEqual([1, 1, 'no_target'])
    expect((await webhooks(['list'], own)).out).toMatch(/msg_[\w-]{32}\s+message\.received\s+.*no_target/)
    expect(JSON.parse((await webhooks(['show', dead[0].id], own)).out)).toMatchObject({ data: { message: 'kept' } })
    expect((await webhooks(['show', 'msg_none'], own)).err).toContain('There is no dead letter msg_none')
    expect((await webhooks(['discard', 'msg_none'], own)).out).toBe('0 discarded.\n')
    await unset.kill()

    const worker = await bench.worker(vars, storage)
    const retried = await webhooks(['retry', dead[0].id, '--url', worker.url, '--json'], {
      TOKEN_SECRETS: bench.secret,
    })
    expect([retried.code, JSON.parse(retried.out)]).toEqual([0, { revived: 1 }])
    expect(await receiver.events(1)).toEqual([dead[0].id])
    expect((await webhooks(['retry', '--url', worker.url], { TOKEN_SECRETS: bench.secret })).out).toBe(
      '0 on the way again.\n',
    )
  })

  it.each([
    [['lits'], 2, 'There is no command lits: did you mean list?'],
    [['discard'], 2, 'discard needs the ids of dead letters, or --all.'],
    [['discard', 'msg_1', '--all'], 2, 'discard needs the ids of dead letters, or --all.'],
    [['list', '--loud'], 2, 'There is no option --loud'],
    [['list', '--url', 'chat.example.com'], 2, '--url chat.example.com is no URL: --url https://chat.example.com'],
    [['list'], 2, 'Say which edge: --url https://chat.example.com, or set PUBLIC_URL.'],
    [['list', '--url', 'http://127.0.0.1:9'], 2, 'TOKEN_SECRETS is missing'],
  ])('%j is a mistake, said in one sentence', async (args, code, sentence) => {
    const said = await webhooks(args)
    expect([said.code, said.out]).toEqual([code, ''])
    expect(said.err).toContain(sentence)
  })

  it('reports wrong secrets, and an edge that does not answer', async () => {
    const worker = await bench.worker()
    const other = { TOKEN_SECRETS: newTokenSecret('x') }
    expect(await webhooks(['list', '--url', worker.url], other)).toMatchObject({
      code: 2,
      err: expect.stringContaining('knows no such call'),
    })
    const gone = await webhooks(['list', '--url', 'http://127.0.0.1:9'], other)
    expect([gone.code, gone.err]).toEqual([3, expect.stringContaining('could not be reached')])
  })

  it('without a command lists the commands below its help', async () => {
    const { code, out, err } = await webhooks([])
    expect([code, err]).toEqual([2, expect.stringContaining('needs a word more: ')])
    expect(out).toContain('TOKEN_SECRETS')
  })

  it('--help describes every option', async () => {
    const { code, out } = await webhooks(['list', '--help'])
    expect(code).toBe(0)
    for (const word of ['--url', '--json', 'webhooks -- retry', 'TOKEN_SECRETS', 'Exit codes'])
      expect(out).toContain(word)
  })
})
