/**
 * The demo shop: a small site on another origin than the edge, under a strict policy. It has the tag exactly as an
 * owner would paste it.
 */

import { readFileSync } from 'node:fs'
import { env } from 'node:process'
import { products } from './catalogue.ts'
import { type Call, listen, standIn } from './http.ts'
import { productArt } from './shop/art.ts'
import { installerFile } from './shop/installer.ts'
import { renderPage } from './shop/pages.ts'

const edge = new URL(env.EDGE_URL ?? 'http://localhost:8787').origin
const style = readFileSync(new URL('./shop/style.css', import.meta.url), 'utf8')
let violations = 0

/** Allows only what the shop and the widget need: no `unsafe-*`, and no script may make HTML from a string. */
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

const send = (c: Call, type: string, body: string, status: 200 | 404 = 200, policy: string = POLICY) =>
  c.body(body, status, {
    ...HEADERS,
    'Content-Type': type,
    'Cache-Control': 'no-cache',
    'Content-Security-Policy': policy,
  })

const app = standIn()
  .all('/__shop/violations', (c) => {
    if (c.req.method === 'POST') violations += 1
    return send(c, 'application/json', JSON.stringify({ violations }))
  })
  .get('/style.css', (c) => send(c, 'text/css; charset=utf-8', style))
  .get('*', (c) => {
    const art = products.find((product) => c.req.path === `/art/${product.id}.svg`)
    if (art) return send(c, 'image/svg+xml', productArt(art))
    const installer = installerFile(c.req.path, edge)
    if (installer) return send(c, installer.type, installer.body, 200, installer.policy)
    const page = renderPage(new URL(c.req.url), edge)
    return send(c, 'text/html; charset=utf-8', page.html, page.status)
  })

listen(app, 'demo shop', 'SHOP_PORT', Number(env.SHOP_PORT ?? 8788))
