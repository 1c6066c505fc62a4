/** `npm start` as an owner runs it: its sentences, its sockets, and no process left behind. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execaNode } from 'execa'
import { describe, expect, it } from 'vitest'
import { summary } from '../../cli/start/command.ts'
import { planStart } from '../../cli/start/plan.ts'
import { answersNow, startProgram } from '../../cli/start/processes.ts'
import { freePort } from '../support/free-port.ts'
import { startSandbox } from '../support/sandbox-process.ts'

const KEY = 'caty_aaaaaaaaaaaaaaaaaaaaaaaa'

async function freePorts(): Promise<Record<string, string>> {
  const names = ['EDGE_PORT', 'SHOP_PORT', 'SANDBOX_PORT', 'AUTH_PORT', 'DASHBOARD_PORT', 'RECEIVER_PORT']
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())])))
}

/** The environment of the tests without the settings that name real services. */
const bare = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(CATY|SUPABASE|WEBHOOK)_/.test(name)))

/** Runs the program until it ends by itself. */
async function ended(env: Record<string, string>, ...words: string[]) {
  const options = { env: { ...bare(), ...(await freePorts()), ...env }, extendEnv: false, reject: false, all: true }
  const { exitCode, all } = await execaNode('cli/index.ts', ['start', ...words], options)
  return { exitCode, said: String(all).trim() }
}

/** Runs the program until it prints `text`, calls `look`, then interrupts the program. */
async function interrupted(env: Record<string, string>, text: string, look: (pid: number) => Promise<void>) {
  const running = startProgram({ name: 'npm start', args: ['cli/index.ts', 'start'], env: { ...bare(), ...env } })
  while (!running.said().includes(text) && running.isAlive()) await new Promise((resolve) => setImmediate(resolve))
  await look(running.pid ?? 0)
  await running.stop()
  return running.said()
}

describe('npm start refuses', () => {
  it('a port that is in use, and names the setting', async () => {
    const port = await freePort()
    const holder = createServer().listen(port, '127.0.0.1')
    const { exitCode, said } = await ended({ SHOP_PORT: String(port) })
    holder.close()
    expect([exitCode, said]).toEqual([1, expect.stringContaining(`Port ${port}, for the demo shop, is taken`)])
  })

  it.each([
    [{ CATY_API_KEY: 'caty_with a space in it' }, /^✗ CATY_API_KEY must be a key as Caty shows it/],
    [{ ALLOWED_ORIGINS: 'https://shop.example/' }, /^✗ ALLOWED_ORIGINS entry 1 is more than an origin/],
    // The check with the complete list of suffixes finds this; the Worker's own check does not.
    [{ ALLOWED_ORIGINS: 'https://*.kobe.jp' }, /^✗ ALLOWED_ORIGINS .* every site under kobe\.jp/],
    [{ DPOP: 'perhaps' }, /^✗ DPOP must be one of required, optional, off\.$/],
  ])('the wrong setting %o, with the sentence of the Worker', async (env, sentence) => {
    const { exitCode, said } = await ended(env)
    expect([exitCode, said]).toEqual([1, expect.stringMatching(sentence)])
  })

  it('a misspelt option, and suggests the right one', async () => {
    const { exitCode, said } = await ended({}, '--jso')
    expect([exitCode, said]).toEqual([2, '✗ There is no option --jso: did you mean --json?'])
  })

  it('to run without installed packages, in one sentence', async () => {
    const clone = mkdtempSync(join(tmpdir(), 'caty-keyless-clone-'))
    cpSync('scripts/run.mjs', join(clone, 'scripts/run.mjs'))
    const script: string = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start
    const { stdout, stderr, exitCode } = await execaNode(
      join(clone, script.split(' ')[1] ?? ''),
      script.split(' ').slice(2),
      {
        reject: false,
      },
    )
    rmSync(clone, { recursive: true })
    expect([exitCode, stdout, stderr]).toEqual([
      1,
      '',
      'The packages of this project are not installed yet: run npm ci first.',
    ])
  })
})

describe('npm start', () => {
  it('prints what starts, listens on loopback only, and ends every process on an interrupt', async () => {
    const ports = await freePorts()
    const said = await interrupted(ports, 'Ctrl-C', async (pid) => {
      if (process.platform === 'linux') {
        const sockets = listening(pid)
        const ours = new Set(sockets.map(({ port }) => String(port)))
        expect([...ours]).toEqual(expect.arrayContaining(Object.values(ports)))
        expect(sockets.filter(({ address }) => !LOOPBACK.test(address))).toEqual([])
      }
      for (const port of Object.values(ports)) expect(await answersNow(`http://127.0.0.1:${port}/`)).toBe(true)
    })
    for (const name of ['widget', 'edge', 'demo shop', 'sandbox API', 'sign-in', 'dashboard', 'webhooks']) {
      expect(said).toMatch(new RegExp(`^  ${name} .* \\d+\\.\\d s$`, 'm'))
    }
    expect(said).toContain('stands in for Caty')
    for (const port of Object.values(ports)) expect(await answersNow(`http://127.0.0.1:${port}/`)).toBe(false)
  })

  it('warns instead of printing its table if Caty refuses the key', async () => {
    const [ports, sandbox] = [await freePorts(), await freePort()]
    const stop = await startSandbox(sandbox, 'caty_bbbbbbbbbbbbbbbbbbbbbbbb')
    const env = { ...ports, CATY_API_KEY: KEY, CATY_API_URL: `http://127.0.0.1:${sandbox}` }
    const said = await interrupted(env, 'Ctrl-C', async () => undefined)
    await stop()
    expect(said).toContain(`Warning: Caty at http://127.0.0.1:${sandbox} refuses the key in CATY_API_KEY`)
    expect(said).not.toContain('open this, and chat')
    expect(said).not.toContain(KEY)
  })

  it('warns in the same way if Caty does not answer', () => {
    const plan = planStart({ CATY_API_KEY: KEY }, { EDGE_PORT: 1, SHOP_PORT: 2 })
    expect(summary(plan, 'failing')).toMatch(/^\nWarning: Caty cannot be reached at https:\/\/api\.catyai\.io/)
    expect(summary(plan, 'failing')).not.toContain('open this, and chat')
    expect(summary(plan, 'ok')).toContain('open this, and chat')
  })
})

/** Loopback addresses as /proc/net writes them: 127.x.x.x, ::1 and ::ffff:127.x.x.x. */
const LOOPBACK = /^(.{6}7F|0{24}01000000|0{16}FFFF0000.{6}7F)$/

/** The sockets on which a process and its descendants listen; Linux only. */
function listening(root: number): { address: string; port: number }[] {
  const children = (pid: string): string[] => {
    const tasks = readdirSync(`/proc/${pid}/task`)
    const own = tasks.flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    )
    return [pid, ...own.flatMap(children)]
  }
  const inodes = new Set(
    children(String(root)).flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? []
        } catch {
          // The socket was closed after the folder was read.
          return []
        }
      }),
    ),
  )
  const LISTEN = '0A'
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/${root}/net/${family}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === LISTEN && inodes.has(inode ?? ''))
      .map(([, local = '']) => {
        const [address = '', port = ''] = local.split(':')
        return { address, port: Number.parseInt(port, 16) }
      }),
  )
}
