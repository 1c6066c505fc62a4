/**
 * Ports for the tests' own servers. `npm test` runs two suites side by side, each of dozens of processes, and a port is
 * chosen some seconds before its server listens: long enough for the other suite to choose the same. So each choice is
 * written down, for all processes of this machine, until the process that made it ends.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Below the range that systems hand out for outgoing connections (from 32768 on Linux, from 49152 elsewhere): a port of
 * that range is free now and some connection's own by the time a server has started.
 */
const [FIRST, LAST] = [10_000, 32_000]

const CHOSEN = join(tmpdir(), 'caty-keyless-ports')
const mine: string[] = []
process.once('exit', () => {
  for (const file of mine) rmSync(file, { force: true })
})

/** A port nobody uses just now on any address, and nobody else is given while this process lives. */
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

/** Does the process that wrote this file still run? One that was killed could not take it back. */
function isAlive(file: string): boolean {
  try {
    return process.kill(Number(readFileSync(file, 'utf8')), 0)
  } catch (error) {
    // Somebody else's process may not be signalled, and lives. An empty file is being written at this moment.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function unused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
