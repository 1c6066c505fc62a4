/**
 * One browser for the stories of a file, and no page left over from one story to the next: also a story that failed
 * half way leaves nobody behind who goes on calling the edge. Importing this is enough; `browser` is there from the
 * first `beforeAll` of the importing file on.
 */
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { launchBrowser } from '../../scripts/browser.ts'

export let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterEach(async () => {
  for (const context of browser.contexts()) {
    // What is still on its way through a route of the story has nobody left who waits for it.
    await context.unrouteAll({ behavior: 'ignoreErrors' })
    await context.close()
  }
})
afterAll(() => browser.close())
