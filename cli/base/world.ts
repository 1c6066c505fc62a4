/** What a command finds around it. Tests bring their own streams, clock, folders and wrangler. */
import { relative } from 'node:path'
import type { Command } from 'commander'
import { type Home, home } from './home.ts'
import { Mistake } from './mistake.ts'
import { type Streams, Terminal } from './terminal.ts'
import { runWrangler, type WranglerProcess } from './wrangler-process.ts'

export type Clock = { now: () => Date; sleep: (ms: number) => Promise<void> }

export type World = {
  streams: Streams
  clock: Clock
  /** The folder the command was started in. */
  cwd: string
  env: NodeJS.ProcessEnv
  home: Home
  wrangler: WranglerProcess
}

export const realWorld = (): World => ({
  streams: { out: process.stdout, err: process.stderr, in: process.stdin },
  clock: { now: () => new Date(), sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  cwd: process.cwd(),
  env: process.env,
  home,
  wrangler: runWrangler,
})

/** How this program was called, for hints that can be typed as they stand. */
export const calledAs = ({ npm_lifecycle_event: script }: NodeJS.ProcessEnv): string =>
  script === 'tenant' ? 'npm run tenant --' : 'npx caty-keyless'

const running = new WeakMap<Command, { world: World; code: number }>()

/** Ties a program to its world, before it parses. */
export const startIn = (program: Command, world: World): void => void running.set(program, { world, code: 0 })
/** The exit code that the command ended with. */
export const endedWith = (program: Command): number => running.get(program)?.code ?? 0

/** The world of a command that runs, and the terminal in the form it asked for. */
export function worldOf(command: Command): { world: World; terminal: Terminal; endWith: (code: number) => void } {
  let root = command
  while (root.parent) root = root.parent
  const state = running.get(root)
  if (!state) throw new Error(`${command.name()} runs without a world: start it through cli/index.ts`)
  const { json } = command.opts<{ json?: boolean }>()
  const endWith = (code: number): void => {
    state.code = code
  }
  return { world: state.world, terminal: new Terminal(json === true, state.world.streams), endWith }
}

const WHY: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder, and a file is meant there',
  ENOTDIR: 'a file stands where a folder is meant',
  EEXIST: 'a file stands where a folder is meant',
  EACCES: 'you have no right to it',
  EPERM: 'you have no right to it',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}

/** A file that cannot be read or written, as a sentence; anything else is thrown as it is. */
export function fileMistake(error: unknown, cwd: string): Mistake {
  if (!(error instanceof Error) || !('code' in error) || !('path' in error)) throw error
  const path = relative(cwd, String(error.path))
  const shown = path.startsWith('..') ? String(error.path) : path
  return new Mistake('mistake', `${shown} cannot be used: ${WHY[String(error.code)] ?? error.message}.`)
}
