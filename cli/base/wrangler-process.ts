/** wrangler as a process: the one that is installed beside the caller or the program, else the exact version by npx. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { execa } from 'execa'
import type { Home } from './home.ts'
import { Mistake } from './mistake.ts'

export type WranglerRun = { cwd: string; env: NodeJS.ProcessEnv; home: Home }
/** `said` is all that it wrote, stdout and stderr as they came. */
export type WranglerEnd = { code: number; stdout: string; said: string }
export type WranglerProcess = (args: readonly string[], run: WranglerRun) => Promise<WranglerEnd>

export const runWrangler: WranglerProcess = async (args, { cwd, env, home }) => {
  const [program, ...before] = wranglerCommand(cwd, home)
  const ended = await execa(program, [...before, ...args], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    stripFinalNewline: false,
  })
  if (ended.exitCode === undefined && ended.code === 'ENOENT') {
    throw new Mistake('mistake', `${program} cannot be started: install Node with npm, and try again.`)
  }
  return { code: ended.exitCode ?? 1, stdout: ended.stdout, said: ended.all }
}

function wranglerCommand(cwd: string, home: Home): [string, ...string[]] {
  for (const from of home.clone ? [home.root] : [cwd, home.root]) {
    const bin = installedBelow(from)
    if (bin !== undefined) return [process.execPath, bin]
  }
  if (home.clone) throw new Mistake('mistake', 'wrangler is not installed: run npm ci first.')
  return ['npx', '--yes', `wrangler@${home.wrangler}`]
}

function installedBelow(folder: string): string | undefined {
  try {
    const manifest = createRequire(join(folder, 'package.json')).resolve('wrangler/package.json')
    const bin = join(dirname(manifest), 'bin/wrangler.js')
    return existsSync(bin) ? bin : undefined
  } catch {
    return undefined
  }
}

const NOISE =
  /^(at |Node\.js v|npm (error|warn|notice)|Logs were written|🪵|If you think this is a bug|To learn more|Cloudflare collects|\^|throw |node:|code: '|requireStack|-? ?'\/|[[\]{}]|─)/u

/** What went wrong, from the output of a program that failed: its last error, not the first line of a stack. */
export function lastSaid(said: string): string {
  const lines = stripVTControlCharacters(said)
    .split('\n')
    .map((line) => line.trim())
  const meaningful = lines.filter((line) => line !== '' && !NOISE.test(line) && !/[│╵]/.test(line))
  const errors = meaningful.findLastIndex((line) => /\[ERROR\]|^\w*Error\b.*: /.test(line))
  const why = errors < 0 ? meaningful.slice(-1) : meaningful.slice(errors, errors + 3)
  const sentence = why
    .map((line) => line.replace(/^\W*\[ERROR\]\s*/, '').replace(/^\w*Error\b[^:]*: /, ''))
    .join(' ')
    .slice(0, 500)
  return sentence === '' ? 'it gave no reason' : sentence.replace(/[.:\s]+$/, '')
}
