/**
 * `npm run gallery`: every component and state of the widget on one page, in light, dark, right-to-left, narrow and
 * forced colours. With `--shots FOLDER` it takes a picture of each dress instead, and ends.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { argv, env, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { launchBrowser } from './browser.ts'
import { DRESSES } from './gallery/pages.ts'
import { serveGallery } from './gallery/server.ts'
import { shootDress } from './gallery/shots.ts'

const { values } = parseArgs({ args: argv.slice(2), options: { shots: { type: 'string' }, help: { type: 'boolean' } } })
if (values.help) {
  console.log('npm run gallery [-- --shots FOLDER]\n\nGALLERY_PORT: where it listens, 8793 by default.')
  exit(0)
}
const built = spawnSync(execPath, [fileURLToPath(new URL('../esbuild.config.mjs', import.meta.url))], {
  encoding: 'utf8',
})
if (built.status !== 0) {
  console.error(built.stderr.trim())
  exit(1)
}
const port = Number(env.GALLERY_PORT ?? 8793)
const server = await serveGallery(port)
if (values.shots === undefined) {
  console.log(`\n  gallery  http://localhost:${port}\n\n  Ctrl-C ends it.\n`)
} else {
  mkdirSync(values.shots, { recursive: true })
  const browser = await launchBrowser()
  for (const dress of DRESSES) await shootDress(browser, port, dress, join(values.shots, `${dress}.png`))
  await browser.close()
  server.close()
  server.closeAllConnections()
}
