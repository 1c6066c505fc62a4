/** The ports of `npm start`: read from the environment, all checked before anything starts. */
import getPort from 'get-port'
import { Mistake } from '../base/mistake.ts'

/**
 * `firm`: the documentation names this port, so another one is taken only when the owner asks for it. The others give
 * way: who starts two products at once names three ports, not six.
 */
const SERVERS = {
  EDGE_PORT: { of: 'the edge', port: 8787, firm: true },
  SHOP_PORT: { of: 'the demo shop', port: 8788, firm: true },
  SANDBOX_PORT: { of: 'the sandbox API', port: 8789, firm: true },
  AUTH_PORT: { of: 'the sign-in', port: 8790, firm: false },
  DASHBOARD_PORT: { of: 'the dashboard', port: 8791, firm: false },
  RECEIVER_PORT: { of: 'the webhook receiver', port: 8792, firm: false },
} as const
export type PortName = keyof typeof SERVERS
export type Ports = Partial<Record<PortName, number>>

/** A free port for each name. Throws one `Mistake` with a sentence for every port that cannot be had. */
export async function choosePorts(names: readonly PortName[], env: NodeJS.ProcessEnv): Promise<Ports> {
  const ports: Ports = {}
  const mistakes: string[] = []
  for (const name of names) {
    const { of, port: usual, firm } = SERVERS[name]
    const text = env[name]
    const wanted = text ? portIn(text) : usual
    const taker = names.find((other) => ports[other] === wanted)
    if (wanted === undefined) mistakes.push(`${name} must be a port number from 1 to 65535; it is “${text}”.`)
    else if (taker && text) mistakes.push(`${name} and ${taker} are both ${wanted}: give them different ports.`)
    else {
      // Any free port when the wanted one is taken, on whatever address.
      const free = await getPort({ port: wanted })
      if (free === wanted || !(firm || text)) ports[name] = free
      else {
        mistakes.push(
          `Port ${wanted}, for ${of}, is taken by another program: stop that program, or set ${name} to another port, for example ${name}=${free}.`,
        )
      }
    }
  }
  if (mistakes.length > 0) throw new Mistake('mistake', ...mistakes)
  return ports
}

function portIn(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : undefined
}
