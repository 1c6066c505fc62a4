import { createServer } from 'node:net'

/**
 * Below the range that systems hand out for outgoing connections (from 32768 on Linux, from 49152 elsewhere): a port of
 * that range is free now and some connection's own by the time a server has started.
 */
const [FIRST, LAST] = [10_000, 32_000]

/** A port nobody uses just now, on any address. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await unused(port)) return port
  }
}

function unused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })
}
