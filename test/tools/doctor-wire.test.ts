/** The doctor's own HTTP client: it sends requests unchanged and reports the details of TLS. */
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { HttpWire } from '../../cli/doctor/wire.ts'
import { selfSigned } from '../support/certificate.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Listens on a free port. Returns its address with this `scheme`. */
async function listening(server: Server, scheme: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `${scheme}://localhost:${typeof address === 'object' && address ? address.port : 0}`
}

async function http(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createHttp(answer)
  closing.push(() => server.close())
  closing.push(() => server.closeAllConnections())
  return listening(server, 'http')
}

function wireTo(url: string, limit = 10): HttpWire {
  const wire = new HttpWire(url, limit, () => new Date())
  closing.push(() => wire.close())
  return wire
}

it('sends a path unchanged, and never repeats a request', async () => {
  const wire = wireTo(await http((request, response) => response.end(request.url)))
  for (const path of ['/a/../b', '/a//b', '/a%2f..%2fb', '/a;x=1', '/a%00']) {
    expect((await wire.send({ path })).text).toBe(path)
  }
})

it('sends a body with a length, or in chunks without one', async () => {
  const wire = wireTo(
    await http((request, response) => response.end(String(request.headers['content-length'] ?? 'none'))),
  )
  const call = { method: 'POST', path: '/', body: 'four' }
  expect((await wire.send(call)).text).toBe('4')
  expect((await wire.send({ ...call, chunked: true })).text).toBe('none')
})

it('stops at its limit of requests', async () => {
  const wire = wireTo(await http((_, response) => response.end()), 2)
  await wire.send({ path: '/' })
  await wire.send({ path: '/' })
  await expect(wire.send({ path: '/' })).rejects.toThrow('the bound of 2 requests is met')
})

it('reports an untrusted certificate, its expiry and the protocol, also on a reused connection', async () => {
  const [from, to] = [new Date('2026-11-01T00:00:00Z'), new Date('2027-02-03T04:05:06Z')]
  const server = createHttps(selfSigned(from, to), (_, response) => response.end('hello'))
  closing.push(() => server.close())
  closing.push(() => server.closeAllConnections())
  const wire = wireTo(await listening(server, 'https'))
  for (let again = 0; again < 2; again++) {
    const { text, tls } = await wire.send({ path: '/' })
    expect(text).toBe('hello')
    expect(tls).toMatchObject({ protocol: 'TLSv1.3', trusted: false, validTo: to })
    expect(tls?.fault).toContain('SELF_SIGNED')
  }
})

it('sends a body slowly, and accepts an early answer or a closed connection', async () => {
  const call = { method: 'POST', path: '/' }
  const patient = wireTo(await http(() => undefined))
  expect((await patient.trickle(call, 100)).answer).toBeUndefined()
  const firm = wireTo(await http((_, response) => response.writeHead(408).end()))
  expect((await firm.trickle(call, 10_000)).answer?.status).toBe(408)
  const curt = wireTo(await http((request) => request.socket.destroy()))
  expect((await curt.trickle(call, 10_000)).answer?.status).toBe(0)
})
