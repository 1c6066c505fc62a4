/**
 * The gallery's server: its pages, the built widget, and a stand-in for the edge with the answers that each state
 * needs. `/s/<state>/…` is the edge of one state.
 */
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { DRESSES, type Dress, framePage, sheetPage } from './pages.ts'
import { type Reply, STATES, type State } from './states.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const CONFIG = {
  persona: { name: 'Mara', role: 'Shop assistant' },
  business: { name: 'Tern & Tide', phone: '+353 1 555 0142', contact_url: '/contact' },
  appearance: { colors: { primary: '#0f5c6e' } },
  behavior: { greeting: { message: 'Hello! What are you looking for?', show_on_load: false } },
}
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, DPoP, Idempotency-Key',
  'Access-Control-Allow-Methods': 'GET, POST, PATCH',
  'Access-Control-Expose-Headers': 'Retry-After',
}

/** Listens on loopback only. */
export async function serveGallery(port: number): Promise<Server> {
  const script = await frameScript()
  const server = createServer((request, response) => {
    serve(request, response, script).catch(() => response.writeHead(404, CORS).end())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

async function frameScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${root}scripts/gallery/frame.ts`],
    bundle: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

async function serve(request: IncomingMessage, response: ServerResponse, script: string): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const send = (type: string, body: string | Buffer) =>
    response.writeHead(200, { ...CORS, 'Content-Type': `${type}; charset=utf-8` }).end(body)
  const [, , at = '', path = ''] = /^(\/s\/(\d+))?(\/.*)$/.exec(url.pathname) ?? []
  const state = STATES[Number(at || url.searchParams.get('state') || 0)]
  const dress = DRESSES.find((each) => each === url.searchParams.get('dress')) ?? ('light' satisfies Dress)
  if (!state) throw new Error('no such state')
  if (url.pathname === '/') return void send('text/html', sheetPage(STATES, dress))
  if (url.pathname === '/frame')
    return void send('text/html', framePage(state, STATES.indexOf(state), dress, url.origin))
  if (url.pathname === '/frame.js') return void send('text/javascript', script)
  if (/^\/(widget\.js|chunks\/[\w/.-]+\.js)$/.test(path))
    return void send('text/javascript', await readFile(`${root}dist/assets${path}`))
  if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end()
  request.resume()
  answer(edgeAnswer(state, path), response)
}

/** The answer of the edge in a state. */
function edgeAnswer(state: State, path: string): Reply {
  const own = [state.answers?.[path] ?? []].flat()[0]
  if (own) return own
  if (path === '/token')
    return {
      body: {
        access_token: 'gallery',
        token_type: 'DPoP',
        expires_in: 300,
        scope: 'config track chat lead',
        config: { ...CONFIG, ...state.config },
      },
    }
  if (path === '/api/widget/session') return { body: { success: true, session_id: 'gallery' } }
  return { body: { success: true } }
}

function answer({ status = 200, retryAfter, body = {}, never }: Reply, response: ServerResponse): void {
  if (never) return
  const wait = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }
  response.writeHead(status, { ...CORS, ...wait, 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}
