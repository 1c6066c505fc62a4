/** The examples of docs/looks.md and docs/site-builders.md on a page, as an owner would paste them. */
import { readFileSync } from 'node:fs'
import { beforeEach, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage, hostUrl } from '../support/host-page.ts'
import { ready, visit } from '../support/page.ts'
import { resetSandbox } from '../support/sandbox.ts'
import { snippetsIn } from '../support/snippets/blocks.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

/** The one example of the page that contains these words, with this run's edge. */
function example(file: string, words: string): string {
  const found = snippetsIn(file, readFileSync(file, 'utf8')).find(({ code }) => code.includes(words))
  if (!found) throw new Error(`${file} has no example with ${words}`)
  const code = found.code.replaceAll('https://chat.example.com', edge)
  return `<!doctype html><html lang="en"><title>Example</title><body><h1>Example</h1>${code}</body></html>`
}

it('the rule for phones hides the launcher on phones only', async () => {
  const page = example('docs/looks.md', 'max-width: 640px')
  for (const [width, visible] of [
    [390, false],
    [1280, true],
  ] as const) {
    const at = await visit(browser, hostUrl(host, page), edge, { viewport: { width, height: 800 } })
    await at.page.evaluate('CatyWidget.ready.then(() => 1)')
    expect([width, await at.launcher.isVisible()]).toEqual([width, visible])
    await at.context.close()
  }
})

it('the script for Tag Manager loads the widget with its attributes', async () => {
  const at = await hostPage(browser, host, edge, example('docs/site-builders.md', "setAttribute('data-position'"))
  await ready(at)
  const { x } = (await at.launcher.boundingBox()) ?? { x: Infinity }
  expect(x).toBeLessThan(100)
  expect(await at.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(15, 92, 110)')
  expect(at.errors).toEqual([])
})

it('the custom properties colour the launcher', async () => {
  const at = await hostPage(browser, host, edge, example('docs/looks.md', 'data-primary-color="#0f5c6e"'))
  await ready(at)
  expect(await at.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(15, 92, 110)')
})
