/** Serves the dashboard on its own origin, as a static host would; `npm start` runs it. */
import { createServer } from 'node:http'
import { env, exit } from 'node:process'
import { bundleDashboard, type Config, headersFor } from './build.ts'

const port = Number(env.DASHBOARD_PORT ?? 8791)
const config: Config = {
  edge: env.EDGE_URL ?? 'http://localhost:8787',
  supabaseUrl: env.SUPABASE_URL ?? 'http://127.0.0.1:8790',
  // Public by design; the stand-in accepts any key.
  supabaseAnonKey: env.SUPABASE_ANON_KEY ?? 'anon',
}
const headers = headersFor(config)
const files = await bundleDashboard()
files.set('config.json', { type: 'application/json', text: JSON.stringify(config) })

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://dashboard.invalid')
  const file = files.get(pathname === '/' ? 'index.html' : pathname.slice(1))
  response.writeHead(file ? 200 : 404, {
    ...headers,
    'Content-Type': file?.type ?? 'text/plain',
    'Cache-Control': 'no-cache',
  })
  response.end(file?.text ?? 'There is no such file.')
})
server.once('error', (error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set DASHBOARD_PORT to another.` : String(error))
  exit(1)
})
// Loopback only: other machines in the network must not reach it.
server.listen(port, '127.0.0.1', () => console.log(`dashboard on http://localhost:${port}`))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(0))
