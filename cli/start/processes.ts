/** Child processes that end with us, on execa; used by `npm start`, by tests and by measurements. */
import { execPath } from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { execa } from 'execa'

/** Characters of a program's output kept for the sentence that explains a failure. */
const KEEP_CHARS = 200_000
/** Milliseconds a program has to end by itself. */
const GRACE_MS = 5000
const TRY_MS = 3000
const EVERY_MS = 50

export type Program = {
  name: string
  /** Default: the Node that runs this. */
  command?: string
  args: readonly string[]
  /** The whole environment of the program. */
  env: NodeJS.ProcessEnv
  /** Written to its standard input, which stays open until it ends. */
  input?: string
}
export type Running = {
  name: string
  pid: number | undefined
  /** Resolves when it has ended, however. `interrupted`: by Ctrl-C, which the terminal sends to every program. */
  ended: Promise<{ interrupted: boolean }>
  isAlive: () => boolean
  /** The end of what it wrote to both outputs. */
  said: () => string
  stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<void>
}

/** Starts a program; its output is kept, not shown. */
export function startProgram({ name, command = execPath, args, env, input }: Program): Running {
  const child = execa(command, args, {
    env,
    extendEnv: false,
    all: true,
    buffer: false,
    reject: false,
    stdin: 'pipe',
    forceKillAfterDelay: GRACE_MS,
  })
  let said = ''
  let alive = true
  child.all.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-KEEP_CHARS)
  })
  // A program that ended before it read its input is reported by its end.
  child.stdin.on('error', () => undefined)
  if (input !== undefined) child.stdin.write(input)
  const ended = child.then(({ signal, failed, message }) => {
    alive = false
    if (failed && said === '') said = message ?? ''
    return { interrupted: signal === 'SIGINT' }
  })
  return {
    name,
    pid: child.pid,
    ended,
    isAlive: () => alive,
    said: () => said,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await ended
    },
  }
}

/** One try, with a limit: a request that comes while an edge is being loaded may never be answered. */
export const answersNow = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(TRY_MS) }).then(
    () => true,
    () => false,
  )

/** Resolves with the first answer of any kind at `url`. Throws with the last line of a program that ended before. */
export async function untilAnswers(url: string, running: Running): Promise<void> {
  while (!(await answersNow(url))) {
    if (!running.isAlive()) throw new Error(`The ${running.name} did not start: ${lastLine(running.said())}`)
    await wait(EVERY_MS)
  }
}

/** Starts a program and resolves when it answers at `url`. */
export async function startUntilAnswers(program: Program, url: string): Promise<Running> {
  const running = startProgram(program)
  await untilAnswers(url, running)
  return running
}

export const lastLine = (said: string): string => said.trim().split('\n').at(-1)?.trim() || 'it gave no reason'
