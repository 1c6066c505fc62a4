/**
 * The look of every state in five dresses, against the pictures that were looked at (`npm run gallery -- --shots
 * test/gallery` takes them anew). Letters are drawn a little differently by every browser and font, so they are compared
 * only in the browser that the project brings, and with a tolerance.
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

/** Of all pixels. A button that moves by a line is more; a letter that is smoothed otherwise is less. */
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

it.each(DRESSES)('every state in %s looks as it did', async (dress) => {
  const picture = await shootDress(browser, port, dress)
  if (!usesBundledBrowser()) return console.log(`${dress}: drawn by another browser than the pictures, not compared`)
  const [now, then] = [PNG.sync.read(picture), PNG.sync.read(readFileSync(`test/gallery/${dress}.png`))]
  mkdirSync(ACTUAL, { recursive: true })
  writeFileSync(`${ACTUAL}/${dress}.png`, picture)
  expect([now.width, now.height]).toEqual([then.width, then.height])
  const changed = pixelmatch(now.data, then.data, null, now.width, now.height, { threshold: 0.15 })
  expect(changed / (now.width * now.height)).toBeLessThan(TOLERANCE)
})
