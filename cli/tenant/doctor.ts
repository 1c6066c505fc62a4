/** Runs `npm run doctor` against an edge as a process of its own. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { projectRoot } from './project.ts'

export type Verdict = { code: number; sound: boolean }

/** Its exit codes up to here are warnings at most (docs/doctor.md). */
const WARNINGS = 1

/** Its report is passed on as it is written. */
export function runDoctor(url: string, origin: string | undefined, note: (text: string) => void): Promise<Verdict> {
  const more = origin === undefined ? [] : ['--origin', origin]
  const child = spawn(process.execPath, [join(projectRoot, 'cli/doctor.ts'), url, ...more], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => note(chunk.toString().replace(/\n$/, '')))
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 4, sound: code !== null && code <= WARNINGS }))
  })
}
