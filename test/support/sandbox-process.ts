/** Runs the sandbox API as a process of its own for the tests of the edge: the upstream is always reached over HTTP. */
import { spawn } from 'node:child_process'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    sandboxPort: number
    sandboxKey: string
  }
}

export default function startForProject(project: TestProject): Promise<() => Promise<void>> {
  const { sandboxPort, sandboxKey } = project.getProvidedContext()
  return startSandbox(sandboxPort, sandboxKey)
}

/** Resolves when it answers, with the way to end it. */
export async function startSandbox(port: number, key: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['sandbox/api.ts'], {
    env: { ...process.env, SANDBOX_PORT: String(port), CATY_SANDBOX_KEY: key },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await answered(`http://127.0.0.1:${port}/__sandbox/health`, () => child.exitCode !== null)
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

/** Resolves with the first answer of any kind; gives up when the process has ended. */
async function answered(url: string, gone: () => boolean): Promise<void> {
  while (!gone()) {
    const response = await fetch(url).catch(() => undefined)
    if (response) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the sandbox API ended before it answered')
}
