/** A closed loop of callers over kept-alive connections: each sends its next request once it has an answer. */
import { Agent, request } from 'node:http'

export type Shot = { method: string; path: string; headers: Record<string, string>; body?: string }
/** Requests a second, and milliseconds. */
export type Measured = { throughput: number; median: number; p95: number; failed: number }

/** Sends all requests with this many callers at a time. */
export async function fire(base: string, shots: readonly Shot[], callers: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  const times: number[] = []
  let failed = 0
  let next = 0
  const started = performance.now()
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let shot = shots[next++]; shot; shot = shots[next++]) {
        const begun = performance.now()
        const status = await send(base, shot, agent)
        times.push(performance.now() - begun)
        if (status !== 200 && status !== 204) failed++
      }
    }),
  )
  const seconds = (performance.now() - started) / 1000
  agent.destroy()
  times.sort((a, b) => a - b)
  return {
    throughput: shots.length / seconds,
    median: times[Math.floor(times.length / 2)] ?? 0,
    p95: times[Math.floor(times.length * 0.95)] ?? 0,
    failed,
  }
}

function send(base: string, { method, path, headers, body }: Shot, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const call = request(base + path, { method, headers, agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0))
    })
    call.once('error', () => resolve(0))
    call.end(body)
  })
}
