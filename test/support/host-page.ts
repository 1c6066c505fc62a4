/**
 * Pages made by a test, for tags that the demo shop does not have. A real server serves them, because Chromium blocks
 * calls to this machine from an intercepted page, whose address it does not know.
 */
import { createServer, type Server } from 'node:http'
import type { Browser } from 'playwright-core'
import { enter, type Visit } from './page.ts'

/** Serves the HTML, policy and headers that the address contains. */
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

/** Opens a page with this HTML in a new browser profile. */
export async function hostPage(
  browser: Browser,
  host: string,
  edge: string,
  html: string,
  csp?: string,
): Promise<Visit> {
  return enter(await browser.newContext(), hostUrl(host, html, csp), edge)
}
