/** Lets the doctor examine an edge, as a process of its own: what it says is passed on line by line. */
import { execa } from 'execa'
import { entry } from '../base/home.ts'
import type { Run } from './run.ts'

export type Verdict = { code: number; sound: boolean }

/** Its exit codes up to here are warnings at most (docs/doctor.md). */
const WARNINGS = 1

/** `origin` is a page that the edge allows. */
export async function askDoctor(
  { terminal, cwd, env }: Run,
  url: string,
  origin: string | undefined,
): Promise<Verdict> {
  terminal.note('Asking the doctor …')
  const words = ['doctor', url, ...(origin === undefined ? [] : ['--origin', origin])]
  const child = execa(process.execPath, [entry, ...words], {
    cwd,
    env,
    extendEnv: false,
    all: true,
    reject: false,
  })
  for await (const line of child.iterable({ from: 'all' })) terminal.note(line)
  const { exitCode } = await child
  return { code: exitCode ?? 4, sound: exitCode !== undefined && exitCode <= WARNINGS }
}
