/**
 * `npm run gallery`: shows every component and state of the widget on one page, in light, dark, right-to-left, narrow
 * and forced colours. With `--shots FOLDER` it only takes a picture of each of these five.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from './browser.ts'
import { DRESSES } from './gallery/pages.ts'
import { serveGallery } from './gallery/server.ts'
import { shootDress } from './gallery/shots.ts'
import { script } from './options.ts'

const { shots, port: word } = script('gallery', 'shows every state of the widget on one page, in five dresses')
  .option('--shots <folder>', 'takes a picture of each dress instead, and ends')
  .option('--port <port>', 'where it listens', '8793')
  .parse()
  .opts<{ shots?: string; port: string }>()
const built = spawnSync(execPath, [fileURLToPath(new URL('../esbuild.config.mjs', import.meta.url))], {
  encoding: 'utf8',
})
if (built.status !== 0) {
  console.error(built.stderr.trim())
  exit(1)
}
const port = Number(word)
const server = await serveGallery(port)
if (shots === undefined) {
  console.log(`\n  gallery  http://localhost:${port}\n\n  Ctrl-C ends it.\n`)
} else {
  mkdirSync(shots, { recursive: true })
  const browser = await launchBrowser()
  for (const dress of DRESSES) await shootDress(browser, port, dress, join(shots, `${dress}.png`))
  await browser.close()
  server.close()
  server.closeAllConnections()
}
