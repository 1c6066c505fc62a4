/**
 * The doctor against the whole product in workerd: it finds nothing on a sound edge, and each planted fault is found
 * by the checks that are meant to find it.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKS } from '../../cli/doctor/checks/index.ts'
import { examine, type Report } from '../../cli/doctor/examine.ts'
import { exitCode } from '../../cli/doctor/report.ts'
import { type Call, HttpWire } from '../../cli/doctor/wire.ts'
import { type Running, startUntilAnswers } from '../../cli/start/processes.ts'
import { EXPECTED } from '../support/broken-edge/expected.ts'
import { FAULTS } from '../support/broken-edge/faults.ts'
import { freePort } from '../support/free-port.ts'

const PAGE = 'https://shop.example'
const SECOND = 'https://second.example'
/** A key that only the broken edge has, and leaks. */
const KEY = `caty_${randomBytes(16).toString('hex')}`

const running: Running[] = []
let edge = ''
let broken = ''

beforeAll(async () => {
  const [edgePort, shopPort, sandboxPort, brokenPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  edge = `http://localhost:${edgePort}`
  broken = `http://localhost:${brokenPort}`
  const settings = {
    EDGE_PORT: String(edgePort),
    SHOP_PORT: String(shopPort),
    SANDBOX_PORT: String(sandboxPort),
    PUBLIC_URL: broken,
    ALLOWED_ORIGINS: `${PAGE},${SECOND}`,
    // The shortest lifetime allowed: one check waits until a token expires.
    TOKEN_TTL: '30',
  }
  await run('cli/index.ts start', settings, `${edge}/health`)
  const faulty = { BROKEN_PORT: String(brokenPort), EDGE_URL: edge, PAGE_ORIGIN: PAGE, LEAKED_KEY: KEY }
  await run('test/support/broken-edge.ts', faulty, `${broken}/health`)
}, 90_000)

afterAll(() => Promise.all(running.map((each) => each.stop())))

/** Without a key in the environment, `npm start` starts the sandbox. */
function withoutKeys(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CATY_')))
}

async function run(file: string, settings: Record<string, string>, url: string): Promise<void> {
  const program = { name: file, args: file.split(' '), env: { ...withoutKeys(), ...settings } }
  running.push(await startUntilAnswers(program, url))
}

/** A connection to the broken edge with one planted fault. */
class FaultyWire extends HttpWire {
  readonly #fault: string
  readonly #ms: number

  constructor(fault: string, ms: number) {
    super(broken, 400, () => new Date())
    this.#fault = fault
    this.#ms = ms
  }

  /** The speed of this machine must not matter: each answer takes as long as the test says. */
  override async send(call: Call) {
    return { ...(await super.send(this.#planted(call))), ms: this.#ms }
  }

  override trickle(call: Call, forMs: number) {
    return super.trickle(this.#planted(call), forMs)
  }

  #planted(call: Call): Call {
    return { ...call, headers: { ...call.headers, ...(this.#fault && { 'X-Fault': this.#fault }) } }
  }
}

async function diagnose(fault: string, wanted: (id: string) => boolean, ms = 5): Promise<Report> {
  const wire = new FaultyWire(fault, ms)
  const examination = await examine({
    url: new URL(broken),
    origins: [PAGE, SECOND],
    widget: 'default',
    checks: CHECKS.filter(({ id }) => wanted(id)),
    wire,
    now: () => new Date(),
    wait: (ms) => wait(Math.max(0, ms)),
    secrets: [KEY],
    progress: () => undefined,
  })
  wire.close()
  if (examination.kind === 'refused') throw new Error(examination.why)
  return examination.report
}

const found = ({ verdicts }: Report) => verdicts.filter(({ outcome }) => outcome === 'found').map(({ id }) => id)

describe.concurrent('npm run doctor', () => {
  it('finds nothing on a sound edge in all its checks', async () => {
    const { verdicts, ...report } = await diagnose('', () => true)
    const spoken = verdicts.filter(({ outcome }) => outcome === 'found').map(({ id, findings }) => [id, ...findings])
    expect(spoken).toEqual([])
    expect(verdicts.filter(({ outcome }) => outcome === 'skipped')).toEqual([])
    expect(exitCode({ verdicts, ...report })).toBe(0)
  })

  it.each(Object.entries(EXPECTED))('finds the planted fault %s', async (fault, expected) => {
    // Run the expected checks, those that look at every answer, and some that produce answers.
    const always = ['config-fresh', 'refusals', 'talkative-headers', 'key-canary']
    const report = await diagnose(fault, (id) => expected.includes(id) || always.includes(id))
    expect(found(report).sort()).toEqual([...expected].sort())
  })

  it('warns that the edge is slow', async () => {
    const [verdict] = (await diagnose('', (id) => id === 'latency', 1500)).verdicts
    expect(verdict).toMatchObject({ id: 'latency', outcome: 'found', findings: ['a median of 1500 ms'] })
  })

  it('has an expected finding for each planted fault', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(Object.keys(FAULTS).sort())
    // Every check finds at least one fault, except the one that uses the owner's quota.
    const unseen = CHECKS.map(({ id }) => id).filter((id) => !Object.values(EXPECTED).flat().includes(id))
    expect(unseen).toEqual(['tls', 'latency', 'chat'])
  })
})

it('docs/doctor.md has a heading for each check', () => {
  const headings = [...readFileSync('docs/doctor.md', 'utf8').matchAll(/^### (.+)$/gm)].map(([, id]) => id)
  expect(headings.sort()).toEqual(CHECKS.map(({ id }) => id).sort())
})

type Ended = { code: number | null; out: string; err: string }

function doctor(...words: string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['cli/index.ts', 'doctor', ...words], { env: withoutKeys() })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (ended.err += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
}

describe('the command', () => {
  it('prints one verdict a line and exits with 0 if nothing is found', async () => {
    const { code, out } = await doctor(broken, '--origin', PAGE, '--skip', 'body-slow')
    expect(out).toContain('\nsound     Pages of other sites get no token (10 origins refused)\n')
    expect(out).toMatch(/\d+ sound, nothing found, \d+ skipped; \d+ requests\.\n$/)
    expect(out).not.toContain('\u001b')
    expect(code).toBe(0)
  })

  it('prints JSON for scripts and exits with the code of the worst finding', async () => {
    // The edge is called by another name than its tokens have: the only fault here.
    const { code, out } = await doctor(edge, '--origin', PAGE, '--json', '--skip', 'body-slow')
    const report: { exit: number; verdicts: { id: string; outcome: string }[] } = JSON.parse(out)
    expect(report.verdicts.filter(({ outcome }) => outcome === 'found').map(({ id }) => id)).toEqual(['metadata'])
    expect([code, report.exit]).toEqual([2, 2])
  })

  it('sends a message only on request, and keeps sessions apart', async () => {
    const { code, out } = await doctor(edge, '--origin', PAGE, '--only', 'chat', '--chat')
    expect(out).toMatch(/sound {5}A message is answered, once, and its session is nobody else's \(answered in \d+ ms\)/)
    expect(code).toBe(0)
  })

  it('stops before its attacks if the address is not an edge', async () => {
    let requests = 0
    const shop = createServer((_, response) => {
      requests++
      response.end('{"status":"ok"}')
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => shop.once('listening', resolve))
    const address = shop.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    const { code, err } = await doctor(url, '--origin', PAGE)
    shop.close()
    expect(err).toBe(`${url} is not a Caty Keyless edge: /health does not answer {status, version, upstream}.\n`)
    expect([code, requests]).toEqual([4, 1])
  })

  it('explains what it needs if no origin is given and none is found', async () => {
    const { code, err } = await doctor(broken)
    expect(err).toMatch(/^Name a page's origin that this edge allows, .* Tried http:\/\/localhost:\d+\.\n$/)
    expect(code).toBe(4)
  })

  it.each([
    [[], 'Name the edge, as in doctor https://chat.shop.example.'],
    [['chat.shop.example'], 'chat.shop.example is no URL: write https://chat.shop.example'],
    [['https://chat.shop.example/health'], 'Leave the path out: https://chat.shop.example'],
    [
      ['https://a.example', '--origin', 'https://shop.example/'],
      '--origin https://shop.example/ is no origin: write https://shop.example',
    ],
    [['https://a.example', '--only', 'everything'], 'There is no check everything: --list names them all.'],
    [['https://a.example', '--only', 'scop'], 'There is no check scop: did you mean scope?'],
  ])('refuses %j in one sentence', async (words, sentence) => {
    const { code, err } = await doctor(...words)
    expect(err.trim()).toBe(`✗ ${sentence}`)
    expect(code).toBe(64)
  })
})
