/** Child processes that end with us: each in a group of its own, so that what a child starts ends with it. */
import { type ChildProcess, spawn } from 'node:child_process'

export type Running = { name: string; child: ChildProcess; ended: Promise<void>; said: () => string }

/** Output kept for the sentence that explains a failure. */
const KEEP_CHARS = 4000

export type Program = {
  name: string
  command: string
  args: readonly string[]
  env: Record<string, string | undefined>
}

/** Starts a program; its output is kept, not shown. */
export function startProgram({ name, command, args, env }: Program): Running {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-KEEP_CHARS)
    })
  }
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return { name, child, ended, said: () => said }
}

/** Milliseconds. */
const TRY_MS = 3000

/** One try, with a limit: a request that comes while an edge is being loaded may never be answered. */
export const answersNow = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(TRY_MS) }).then(
    () => true,
    () => false,
  )

/** Resolves `true` with the first answer of any kind, `false` when the program ended before. */
export async function answers(url: string, running: Running): Promise<boolean> {
  while (alive(running)) {
    if (await answersNow(url)) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

export const alive = ({ child }: Running): boolean =>
  child.exitCode === null && child.signalCode === null && child.pid !== undefined

/** Seconds a program gets to end by itself. */
const GRACE_MS = 2000

/** Ends a program and everything it started. */
export async function stopProgram(running: Running): Promise<void> {
  signalGroup(running, 'SIGTERM')
  const late = setTimeout(() => signalGroup(running, 'SIGKILL'), GRACE_MS)
  await running.ended
  clearTimeout(late)
  // The leader is gone; whatever of its group is left must not outlive us.
  signalGroup(running, 'SIGKILL')
}

function signalGroup({ child }: Running, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is gone already, which is what we wanted.
  }
}
