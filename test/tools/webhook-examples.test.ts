/**
 * Every example of docs/webhooks.md, taken from the page and run unchanged: Express and node:http as processes, Hono
 * and the Next.js route handler called with a Request, the Worker in workerd.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { verifyWebhook } from 'caty-keyless/webhook'
import { build } from 'esbuild'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type RunningWorker, runWorker } from '../../scripts/workerd/run.ts'
import { freePort } from '../support/free-port.ts'
import { snippetsIn } from '../support/snippets/blocks.ts'

const PAGE = 'docs/webhooks.md'
/** Inside the project, so that its packages and its own name resolve as in a reader's project. */
const FOLDER = '.tmp/webhook-examples'
const SECRET = randomBytes(24).toString('hex')
const TARGET_SECRET = `whsec_${randomBytes(32).toString('base64')}`

const examples = snippetsIn(PAGE, readFileSync(PAGE, 'utf8')).filter(({ language }) => language === 'js')

/** Writes the example that contains this text into a file. Returns its path. */
function written(name: string, holds: string): string {
  const found = examples.filter(({ code }) => code.includes(holds))
  const [example] = found
  if (!example || found.length > 1) throw new Error(`${found.length} examples of ${PAGE} hold “${holds}”`)
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${FOLDER}/${name}.mjs`, example.code)
  return `${FOLDER}/${name}.mjs`
}

const ENV = { CATY_WEBHOOK_SECRET: SECRET, WEBHOOK_TARGET_SECRET: TARGET_SECRET }
/** Calls the example with one webhook. Returns its status and what it printed meanwhile. */
type Example = { post: (headers: Record<string, string>, body: string) => Promise<number>; said: () => string }

/** The output arrives through a pipe after the answer, and the machine may be busy. */
const PATIENCE = { timeout: 30_000, interval: 20 }

const children: ChildProcess[] = []
const workers: RunningWorker[] = []
afterAll(async () => {
  for (const child of children) child.kill()
  await Promise.all(workers.map((worker) => worker.kill()))
  vi.restoreAllMocks()
})

const postTo = (url: string) => async (headers: Record<string, string>, body: string) =>
  (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })).status

async function asProcess(file: string): Promise<Example> {
  const port = await freePort()
  const child = spawn(process.execPath, [file], { env: { ...process.env, ...ENV, PORT: String(port) } })
  children.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const url = `http://127.0.0.1:${port}/webhooks/caty`
  const up = () => fetch(url).then(Boolean, () => false)
  while (!(await up())) if (child.exitCode !== null) throw new Error(said)
  return { post: postTo(url), said: () => said }
}

/** Runs a module that handles a standard Request. */
async function asModule(file: string, handle: (module: unknown, request: Request) => unknown): Promise<Example> {
  Object.assign(process.env, ENV)
  const module: unknown = await import(pathToFileURL(file).href)
  let said = ''
  vi.spyOn(console, 'log').mockImplementation((...words) => {
    said += `${words.map((each) => JSON.stringify(each)).join(' ')}\n`
  })
  return {
    async post(headers, body) {
      const request = new Request('https://shop.example/webhooks/caty', { method: 'POST', headers, body })
      const response = await handle(module, request)
      if (!(response instanceof Response)) throw new Error('it gave no Response')
      return response.status
    },
    said: () => said,
  }
}

async function asWorker(file: string): Promise<Example> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    format: 'esm',
    write: false,
    target: 'es2022',
  })
  const worker = await runWorker({ source: outputFiles[0]?.text ?? '', port: await freePort(), vars: ENV })
  workers.push(worker)
  return { post: postTo(`${worker.url}/webhooks/caty`), said: worker.said }
}

const member = (value: unknown, name: string): unknown => Reflect.get(Object(value), name)
const called = (value: unknown, ...args: unknown[]): unknown =>
  typeof value === 'function' ? value(...args) : undefined

const event = (name: string) =>
  JSON.stringify({
    event: 'lead.captured',
    timestamp: new Date().toISOString(),
    widget_id: 'wgt_1',
    data: { lead_id: `lead_${name}`, email: 'ada@example.org' },
  })
const hmac = (body: string, secret = SECRET) => createHmac('sha256', secret).update(body).digest('hex')

const idOf = async (body: string): Promise<string> => {
  const verified = await verifyWebhook(body, hmac(body), SECRET)
  if (!verified.ok) throw new Error(verified.reason)
  return verified.id
}

const EXAMPLES: [string, () => Promise<Example>][] = [
  ['Express', () => asProcess(written('express', "from 'express'"))],
  [
    'Hono',
    () =>
      asModule(written('hono', "from 'hono'"), (module, request) => {
        const app = member(module, 'default')
        return called(Reflect.get(Object(app), 'request'), request)
      }),
  ],
  [
    'Next.js',
    () =>
      asModule(written('next', 'export async function POST'), (module, request) =>
        called(member(module, 'POST'), request),
      ),
  ],
  ['a plain Worker', () => asWorker(written('worker', 'context.waitUntil'))],
]

it('every example of the page is tested', () => {
  expect(examples).toHaveLength(EXAMPLES.length + 1)
})

describe.each(EXAMPLES)('%s', (name, start) => {
  let example: Example
  beforeAll(async () => {
    example = await start()
  }, 60_000)

  it('accepts a valid signature in both forms', async () => {
    for (const prefix of ['', 'sha256=']) {
      const body = event(`${name}_${prefix.length}`)
      expect(await example.post({ 'X-Caty-Signature': prefix + hmac(body) }, body)).toBe(200)
      const id = await idOf(body)
      await vi.waitFor(() => expect(example.said()).toContain(id), PATIENCE)
    }
    expect(example.said()).toContain('lead.captured')
  })

  it('takes an event that nobody documents, and logs nothing of a visitor', async () => {
    const body = event(`${name}_new`).replace('lead.captured', 'lead.deleted')
    expect(await example.post({ 'X-Caty-Signature': hmac(body) }, body)).toBe(200)
    const id = await idOf(body)
    await vi.waitFor(() => expect(example.said()).toContain(id), PATIENCE)
    expect(example.said()).not.toContain('ada@')
  })

  it('answers every invalid signature with 401, and ignores the event', async () => {
    const body = event('forged')
    const right = hmac(body)
    const wrong = [
      right.slice(1),
      `${right}00`,
      'x',
      '0'.repeat(64),
      `sha1=${right}`,
      hmac(body, 'other'),
      hmac(`${body} `),
    ]
    for (const signature of wrong) expect(await example.post({ 'X-Caty-Signature': signature }, body)).toBe(401)
    expect(await example.post({}, body)).toBe(401)
    expect(await example.post({ 'X-Caty-Signature': right }, body.replace('ada@', 'eve@'))).toBe(401)
    expect(example.said()).not.toContain(await idOf(body))
  })
})

describe('the receiver of deliveries', () => {
  it('accepts a delivery of the edge once, and nothing else', async () => {
    const example = await asProcess(written('receiver', 'new Webhook'))
    const body = event('delivered')
    const now = new Date()
    const headers = (id: string) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(TARGET_SECRET).sign(id, now, body),
    })
    for (const id of ['msg_1', 'msg_1']) expect(await example.post(headers(id), body)).toBe(204)
    expect(await example.post({ ...headers('msg_2'), 'webhook-id': 'msg_3' }, body)).toBe(401)
    expect(await example.post({}, body)).toBe(401)
    await vi.waitFor(() => expect(example.said().match(/msg_1 lead\.captured/g)).toHaveLength(1), PATIENCE)
    expect(example.said()).not.toContain('ada@')
  })
})
