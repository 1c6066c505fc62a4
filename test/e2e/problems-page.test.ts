/** `/problems` of a running edge, as a reader sees it who opened the `type` of an answer. */
import { expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'

const { edge } = inject('stack')

it('the type of a refusal links to its heading on a page of the same edge', async () => {
  const refused = await fetch(`${edge}/api/widget/config`, { headers: { Origin: 'https://elsewhere.example' } })
  const { type } = await refused.json()
  expect(type).toBe(`${edge}/problems#origin-not-allowed`)
  const page = await browser.newPage()
  await page.goto(type)
  await page.locator('h2:target', { hasText: 'origin-not-allowed' }).waitFor()
  await page.close()
})

it('the page is static HTML under a strict policy', async () => {
  const { status, headers } = await fetch(`${edge}/problems`)
  expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)])
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^;]+'; /)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  // The Worker adds its id to each of its own answers.
  expect(headers.has('x-request-id')).toBe(false)
})

it.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 320],
] as const)('has no accessibility violation in %s at %d pixels', async (colorScheme, width) => {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 640 }, bypassCSP: true })
  const page = await context.newPage()
  await page.goto(`${edge}/problems`)
  expect(await violations(page, 'html')).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  // The style applies, so its hash in the policy is right.
  const strict = await browser.newPage()
  await strict.goto(`${edge}/problems`)
  expect(await strict.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('672px')
  await context.close()
  await strict.close()
})
