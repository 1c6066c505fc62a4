/**
 * One browser for all tests of a file. After each test its pages are closed, so that a failed test leaves no page
 * that still calls the edge. Importing this file is enough; `browser` is set before the importing file's first
 * `beforeAll`.
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
    // Requests still waiting in a route of the test would never be answered.
    await context.unrouteAll({ behavior: 'ignoreErrors' })
    await context.close()
  }
})
afterAll(() => browser.close())
