/** The documentation site as a reader uses it: every page, every link, the search, and accessibility. */
import { mkdtempSync, readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeSource from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docFiles } from '../../scripts/docs/files.ts'
import { headingsOf } from '../../scripts/docs/markdown.ts'
import { pageOf } from '../../scripts/docs/pages.ts'
import { buildSite } from '../../scripts/docs/site.ts'
import { browser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { serveFolder } from '../support/static-server.ts'

const folder = join(mkdtempSync(join(tmpdir(), 'caty-keyless-docs-')), 'docs')
const pages = docFiles().map((file) => pageOf(file).name)
const DARK = ['index', 'tag', 'releases']
/** Milliseconds for a test that visits every page: it grows with the number of pages and on a slow machine. */
const ALL_PAGES_MS = 600_000
let server: Server
let site: string

beforeAll(async () => {
  await buildSite(folder)
  const port = await freePort()
  server = await serveFolder(folder, '/docs', port)
  site = `http://localhost:${port}/docs`
})
afterAll(async () => {
  server?.close()
  server?.closeAllConnections()
})

/** The violations that axe finds on the page. */
async function violationsOn(page: Page): Promise<unknown[]> {
  await page.evaluate(AxeSource.source)
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, 'axe').run()
    return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
      id,
      nodes.map((node) => node.html),
    ])
  })
}

describe('the pages of the docs', () => {
  it(
    'have no accessibility violation, light and dark, and fit a narrow screen',
    async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const context = await browser.newContext({
          colorScheme,
          bypassCSP: true,
          viewport: { width: 320, height: 800 },
        })
        const page = await context.newPage()
        // All pages share one layout and one set of colours, so a few are enough for the dark theme.
        const looked = colorScheme === 'light' ? pages : pages.filter((name) => DARK.includes(name))
        for (const name of looked) {
          await page.goto(`${site}/${name}`)
          expect([name, await violationsOn(page)]).toEqual([name, []])
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
          expect([name, overflow]).toEqual([name, 0])
        }
      }
    },
    ALL_PAGES_MS,
  )

  it(
    'link only to pages and headings that exist, and load without an error under their own policy',
    async () => {
      const page = await browser.newPage()
      const errors: string[] = []
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      page.on('response', (response) => response.status() >= 400 && errors.push(response.url()))
      const ids = new Map<string, Set<string>>()
      const links: [from: string, href: string][] = []
      for (const name of pages) {
        await page.goto(`${site}/${name}`)
        const found = await page.evaluate(() => ({
          ids: [...document.querySelectorAll('[id]')].map(({ id }) => id),
          hrefs: [...document.querySelectorAll('a')].map(({ href }) => href),
        }))
        ids.set(name, new Set(found.ids))
        for (const href of found.hrefs.filter((each) => each.startsWith(site)))
          links.push([name, href.slice(site.length + 1)])
      }
      expect((await fetch(`${site}/installer/index.html`)).status).toBe(200)
      const dead = links.filter(([, href]) => {
        if (href === 'installer/index.html') return false
        const [page = '', id = ''] = href.split('#')
        const target = ids.get(page.replace(/\.html$/, ''))
        return !target || (id !== '' && !target.has(id))
      })
      expect(dead).toEqual([])
      expect(links.length).toBeGreaterThan(100)
      expect(errors).toEqual([])
    },
    ALL_PAGES_MS,
  )

  it(
    'have a heading for each problem type',
    async () => {
      const page = await browser.newPage()
      for (const { id, level } of headingsOf(readFileSync('docs/problems.md', 'utf8'))) {
        if (level === 1) continue
        await page.goto(`${site}/problems#${id}`)
        expect([id, await page.evaluate(() => document.querySelector(':target')?.tagName)]).toEqual([id, 'H2'])
      }
    },
    ALL_PAGES_MS,
  )
})

describe('the docs', () => {
  it('on a phone, the content begins on the first screen and the menu unfolds above it', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
    const page = await context.newPage()
    await page.goto(`${site}/tag`)
    const top = () => page.evaluate(() => document.querySelector('main h1')?.getBoundingClientRect().bottom ?? Infinity)
    expect(await top()).toBeLessThan(300)
    const link = page.getByRole('link', { name: 'Troubleshooting' })
    expect(await link.isVisible()).toBe(false)
    await page.getByText('All pages', { exact: true }).click()
    // The chapters fold too; the chapter of this page is open.
    expect(await page.getByRole('link', { name: 'The tag' }).isVisible()).toBe(true)
    await page.getByText('When something is wrong', { exact: true }).click()
    await link.click()
    await page.waitForURL(/troubleshooting\.html$/)
    expect(await top()).toBeLessThan(300)
    await context.close()
  })

  it('on a wide screen, the menu is beside the content without a click', async () => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    await page.goto(`${site}/tag`)
    expect(await page.getByRole('link', { name: 'The tag' }).isVisible()).toBe(true)
    expect(await page.getByText('All pages', { exact: true }).isVisible()).toBe(false)
    await context.close()
  })
})

describe('a code example', () => {
  it('can be copied by keyboard, and the copy is announced', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    await page.goto(`${site}/tag`)
    const blocks = page.locator('.code')
    expect(await page.locator('.code button').count()).toBe(await blocks.count())
    await blocks.first().locator('pre').focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Copy this example')
    await page.keyboard.press('Enter')
    await page.getByRole('status').filter({ hasText: 'The example was copied.' }).waitFor({ state: 'attached' })
    const shown = (await blocks.first().locator('code').textContent())?.trim()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    await context.close()
  })
})

describe('the search', () => {
  it('finds a setting by its name and leads to its heading, by keyboard alone', async () => {
    const page = await browser.newPage()
    await page.goto(`${site}/index`)
    const found = page.locator('#found a')
    await page.getByRole('searchbox').fill('idempotency mismatch')
    await found.first().waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/problems\.html#idempotency-mismatch$/)
  })

  it('tolerates a typing mistake, says when nothing is found, and closes with Escape', async () => {
    const page = await browser.newPage({ bypassCSP: true })
    await page.goto(`${site}/index`)
    const field = page.getByRole('searchbox')
    await field.fill('maintenence')
    await page.locator('#found a').first().waitFor()
    await expect.poll(() => page.locator('#found').textContent()).toMatch(/maintenance/i)
    await field.fill('zzzzqqqq')
    await page.getByRole('status').filter({ hasText: 'Nothing found for “zzzzqqqq”. Try:' }).waitFor()
    expect(await page.locator('#found a').allTextContents()).toContain('Troubleshooting')
    expect(await violationsOn(page)).toEqual([])
    await field.press('Escape')
    await expect.poll(() => field.inputValue()).toBe('')
    await page.locator('#found').waitFor({ state: 'hidden' })
  })

  it.each([
    ['cookie banner', /^privacy/],
    ['change color', /^looks/],
    ['widget not showing', /^troubleshooting/],
    ['google tag manager', /^site-builders/],
    ['docker', /^install/],
    ['kosten', /^costs/],
  ])('answers “%s” in the built site, with a place to read it', async (question, target) => {
    const page = await browser.newPage()
    await page.goto(`${site}/index`)
    await page.getByRole('searchbox').fill(question)
    const first = page.locator('#found a').first()
    await first.waitFor()
    await expect.poll(() => first.getAttribute('href')).toMatch(target)
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'highlights the words and has no accessibility violation in the %s theme',
    async (colorScheme) => {
      const context = await browser.newContext({ bypassCSP: true, colorScheme, viewport: { width: 390, height: 844 } })
      const page = await context.newPage()
      await page.goto(`${site}/index`)
      await page.getByRole('searchbox').fill('token')
      await page.locator('#found a').first().waitFor()
      await expect.poll(() => page.locator('#found mark').allTextContents()).toContain('token')
      expect(await violationsOn(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBe(0)
      await context.close()
    },
  )
})
