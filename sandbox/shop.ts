/**
 * The demo shop: a small site on another origin than the edge, under a policy as strict as a site can have. It carries
 * the tag exactly as an owner would paste it.
 */

import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { env, exit } from 'node:process'
import { products } from './catalogue.ts'
import { productArt } from './shop/art.ts'
import { installerFile } from './shop/installer.ts'
import { renderPage } from './shop/pages.ts'

const port = Number(env.SHOP_PORT ?? 8788)
const edge = new URL(env.EDGE_URL ?? 'http://localhost:8787').origin
const style = readFileSync(new URL('./shop/style.css', import.meta.url))
let violations = 0

/** Nothing is allowed but what the shop and the widget need; no `unsafe-*`, and no script may make HTML of a string. */
const POLICY = [
  "default-src 'none'",
  `script-src ${edge}`,
  `connect-src ${edge}`,
  "style-src 'self'",
  `img-src 'self' ${edge}`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  'report-uri /__shop/violations',
].join('; ')

const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://shop.invalid')
  if (url.pathname === '/__shop/violations') {
    if (request.method === 'POST') violations += 1
    request.resume()
    return send(response, 200, 'application/json', JSON.stringify({ violations }))
  }
  if (url.pathname === '/style.css') return send(response, 200, 'text/css; charset=utf-8', style)
  const art = products.find((product) => url.pathname === `/art/${product.id}.svg`)
  if (art) return send(response, 200, 'image/svg+xml', productArt(art))
  const installer = installerFile(url.pathname, edge)
  if (installer) return send(response, 200, installer.type, installer.body, installer.policy)
  const page = renderPage(url, edge)
  return send(response, page.status, 'text/html; charset=utf-8', page.html)
})

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  policy: string = POLICY,
): void {
  const own = { 'Content-Type': type, 'Cache-Control': 'no-cache', 'Content-Security-Policy': policy }
  response.writeHead(status, { ...HEADERS, ...own }).end(body)
}

server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set SHOP_PORT to another.` : String(error))
  exit(1)
})
server.listen(port, '127.0.0.1', () => console.log(`demo shop on http://localhost:${port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(0))
