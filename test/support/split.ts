/** One address in front of several versions, as Cloudflare splits traffic: each request goes to the next one. */
import { createServer, request, type Server } from 'node:http'

/** Forwards requests to `ports` on this machine in turn. */
export function splitTraffic(port: number, ports: readonly number[]): Promise<Server> {
  let turn = 0
  const server = createServer((incoming, outgoing) => {
    turn += 1
    const onward = request(
      {
        host: '127.0.0.1',
        port: ports[turn % ports.length],
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}
