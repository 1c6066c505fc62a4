/** The ports of `npm start`. */
import { createServer } from 'node:net'

export class UserMistake extends Error {}

/** The port of a setting. Throws `UserMistake` with one sentence. */
export function portOf(setting: string, otherwise: number, env: NodeJS.ProcessEnv): number {
  const text = env[setting]
  if (text === undefined || text === '') return otherwise
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new UserMistake(`${setting} must be a port number from 1 to 65535.`)
  return port
}

/** Throws `UserMistake` when somebody listens there already. */
export async function expectFree(setting: string, port: number): Promise<void> {
  for (const host of ['127.0.0.1', '::1']) {
    if (await taken(port, host))
      throw new UserMistake(`Port ${port} is in use: stop what runs there, or set ${setting} to another port.`)
  }
}

/** A port that nobody asked for gives way when it is in use: who starts two products at once names three ports, not five. */
export async function freeOr(
  setting: string,
  otherwise: number,
  env: NodeJS.ProcessEnv,
  used: readonly number[],
): Promise<number> {
  const port = portOf(setting, otherwise, env)
  if (env[setting]) await expectFree(setting, port)
  else if (used.includes(port) || (await taken(port, '127.0.0.1')) || (await taken(port, '::1'))) return someFreePort()
  return port
}

/** A port nobody uses just now. */
function someFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

function taken(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    // Only "in use" counts: a machine without IPv6 refuses `::1` for another reason.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES'),
    )
    probe.listen(port, host, () => probe.close(() => resolve(false)))
  })
}
