/**
 * Compares every state of the widget in five dresses with the reviewed pictures (`npm run gallery -- --shots
 * test/gallery` takes new ones). Browsers and fonts draw letters a little differently, so the test runs only in the
 * browser that the project installs, with a tolerance.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import pixelmatch from 'pixelmatch'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { usesBundledBrowser } from '../../scripts/browser.ts'
import { DRESSES } from '../../scripts/gallery/pages.ts'
import { serveGallery } from '../../scripts/gallery/server.ts'
import { shootDress } from '../../scripts/gallery/shots.ts'
import { browser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'

/** Share of all pixels that may differ. A button that moves by one line exceeds it; differently smoothed letters do not. */
const TOLERANCE = 0.002
const ACTUAL = '.tmp/gallery'

let server: Server
let port = 0

beforeAll(async () => {
  port = await freePort()
  server = await serveGallery(port)
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
})

it.each(DRESSES)('every state in %s looks as in its picture', async (dress) => {
  const picture = await shootDress(browser, port, dress)
  if (!usesBundledBrowser()) return console.log(`${dress}: drawn by another browser than the pictures, not compared`)
  const [now, then] = [PNG.sync.read(picture), PNG.sync.read(readFileSync(`test/gallery/${dress}.png`))]
  mkdirSync(ACTUAL, { recursive: true })
  writeFileSync(`${ACTUAL}/${dress}.png`, picture)
  expect([now.width, now.height]).toEqual([then.width, then.height])
  const changed = pixelmatch(now.data, then.data, null, now.width, now.height, { threshold: 0.15 })
  expect(changed / (now.width * now.height)).toBeLessThan(TOLERANCE)
})
