/**
 * Runs the sandbox API, and the stand-in for Supabase Auth beside it, as separate processes for the tests of the
 * edge, which always reach an upstream over HTTP.
 */
import type { TestProject } from 'vitest/node'
import { startUntilAnswers } from '../../cli/start/processes.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    sandboxPort: number
    sandboxKey: string
    authPort: number
  }
}

type Stop = () => Promise<void>

export default async function startForProject(project: TestProject): Promise<Stop> {
  const { sandboxPort, sandboxKey, authPort } = project.getProvidedContext()
  const stops = await Promise.all([startSandbox(sandboxPort, sandboxKey, authPort), startAuth(authPort)])
  return async () => void (await Promise.all(stops.map((stop) => stop())))
}

/** Resolves once the sandbox answers, with a function that ends it. `authPort` is where users of its Admin API sign in. */
export const startSandbox = (port: number, key: string, authPort = 0): Promise<Stop> =>
  startProcess('sandbox/api.ts', `http://127.0.0.1:${port}/__sandbox/health`, {
    SANDBOX_PORT: String(port),
    CATY_SANDBOX_KEY: key,
    AUTH_URL: `http://127.0.0.1:${authPort}`,
  })

export const startAuth = (port: number): Promise<Stop> =>
  startProcess('sandbox/auth.ts', `http://127.0.0.1:${port}/__auth/health`, { AUTH_PORT: String(port) })

async function startProcess(file: string, url: string, settings: Record<string, string>): Promise<Stop> {
  const running = await startUntilAnswers({ name: file, args: [file], env: { ...process.env, ...settings } }, url)
  return () => running.stop()
}
