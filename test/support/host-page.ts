/**
 * Pages of the tests' own, for tags that the shop does not carry. They come from a real server: Chromium holds back
 * calls to this machine from a page whose own address it does not know, as an intercepted one's is.
 */
import { createServer, type Server } from 'node:http'
import type { Browser } from 'playwright-core'
import { enter, type Visit } from './page.ts'

/** Serves whatever HTML the address carries, with the policy and the headers it carries. */
export function startHostServer(port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '/', 'http://host.invalid').searchParams
    const policy = query.get('csp')
    const headers: Record<string, string> = JSON.parse(query.get('headers') ?? '{}')
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      ...(policy && { 'Content-Security-Policy': policy }),
      ...headers,
    })
    response.end(query.get('html') ?? '')
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}

/** The address of a page with this HTML on the server `host`. */
export const hostUrl = (host: string, html: string, csp?: string, headers?: Record<string, string>): string =>
  `${host}/?${new URLSearchParams({
    html,
    ...(csp !== undefined && { csp }),
    ...(headers && { headers: JSON.stringify(headers) }),
  })}`

/** Opens a page with this HTML in a new profile. */
export async function hostPage(
  browser: Browser,
  host: string,
  edge: string,
  html: string,
  csp?: string,
): Promise<Visit> {
  return enter(await browser.newContext(), hostUrl(host, html, csp), edge)
}
