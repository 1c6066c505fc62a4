/**
 * Ports for the servers of the tests. `npm test` runs two suites side by side, each with dozens of processes, and a
 * port is chosen some seconds before its server listens, so both suites could choose the same one. Each choice is
 * therefore written to a file for all processes on this machine, and is valid until the process that made it ends.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Below the range that systems use for outgoing connections (from 32768 on Linux, from 49152 elsewhere): a free port
 * in that range may belong to a connection by the time a server starts.
 */
const [FIRST, LAST] = [10_000, 32_000]

const CHOSEN = join(tmpdir(), 'caty-keyless-ports')
const mine: string[] = []
process.once('exit', () => {
  for (const file of mine) rmSync(file, { force: true })
})

/** Returns a port that is unused on every address and reserved while this process lives. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (reserve(port) && (await unused(port))) return port
  }
}

function reserve(port: number): boolean {
  mkdirSync(CHOSEN, { recursive: true })
  const file = join(CHOSEN, String(port))
  if (!isAlive(file)) rmSync(file, { force: true })
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
  } catch {
    return false
  }
  mine.push(file)
  return true
}

/** Whether the process that wrote this file still runs. A killed process could not remove its file. */
function isAlive(file: string): boolean {
  try {
    return process.kill(Number(readFileSync(file, 'utf8')), 0)
  } catch (error) {
    // EPERM means a living process of another user. An empty file is being written at this moment.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function unused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
