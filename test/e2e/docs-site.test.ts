/** The site of the docs as a reader meets it: every page, every link, the search, and nobody shut out. */
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
/** Every page, one after the other: the more there are, and the slower the machine, the longer it takes. */
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

/** What axe says against the page as it stands. */
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

describe('the pages', () => {
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
        // One layout and one set of colours: in the dark a few pages show them all.
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
    'link to pages and headings that there are, and load without an error under their own policy',
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
    'of problems have the heading that each problem type leads to',
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

  it('forgives a slip, says when nothing is found, and ends with Escape', async () => {
    const page = await browser.newPage()
    await page.goto(`${site}/index`)
    const field = page.getByRole('searchbox')
    await field.fill('maintenence')
    await page.locator('#found a').first().waitFor()
    await expect.poll(() => page.locator('#found').textContent()).toMatch(/maintenance/i)
    await field.fill('zzzzqqqq')
    await page.getByRole('status').filter({ hasText: 'Nothing found' }).waitFor()
    await field.press('Escape')
    await expect.poll(() => field.inputValue()).toBe('')
    await page.locator('#found').waitFor({ state: 'hidden' })
  })

  it('has no accessibility violation while it shows results', async () => {
    const context = await browser.newContext({ bypassCSP: true })
    const page = await context.newPage()
    await page.goto(`${site}/index`)
    await page.getByRole('searchbox').fill('token')
    await page.locator('#found a').first().waitFor()
    expect(await violationsOn(page)).toEqual([])
  })
})
