/** Serves a folder as a static host does: `/docs/page` is `page.html`, and a missing file is 404. */
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
}

/** Serves `folder` under `prefix`. */
export function serveFolder(folder: string, prefix: string, port: number): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host.invalid')
    const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) : '/..'
    const name = path === '/' ? '/index.html' : extname(path) === '' ? `${path}.html` : path
    const body = name.includes('..') ? undefined : await readFile(join(folder, name)).catch(() => undefined)
    response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' })
    response.end(body)
  })
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)))
}
