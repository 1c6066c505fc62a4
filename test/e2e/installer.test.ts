/** The installer beside the demo shop and on the documentation site; test/e2e/deploy.test.ts tests it on an edge. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeSource from 'axe-core'
import { build } from 'esbuild'
import type { BrowserContextOptions, FrameLocator, Locator, Page } from 'playwright-core'
import { describe, expect, inject, it } from 'vitest'
import { buildSite } from '../../scripts/docs/site.ts'
import { browser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { hostPage } from '../support/host-page.ts'
import { ready, slowDown } from '../support/page.ts'
import { serveFolder } from '../support/static-server.ts'

const { edge, shop, host } = inject('stack')

type Opened = { page: Page; live: FrameLocator; errors: string[] }

async function open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content.Security.Policy|Trusted/i.test(message.text()))
      errors.push(message.text())
  })
  page.on('pageerror', (error) => errors.push(String(error)))
  await slowDown(context, page)
  await page.goto(url)
  return { page, live: page.frameLocator('#preview'), errors }
}

const launcher = ({ live }: Opened) => live.locator('caty-widget button[aria-haspopup="dialog"]')
const group = ({ page }: Opened, title: string) => page.locator('summary', { hasText: title })
const said = ({ page }: Opened) => page.locator('#address-said')
const textOf = ({ page }: Opened, id: string) => page.locator(`#${id}`).textContent()

/** Builds the module as a project with a bundler does; `caty-keyless` is this project's own package. */
async function bundled(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

describe('the installer beside the demo shop', () => {
  const url = `${shop}/installer/`

  it('previews the real widget with the chosen options and writes its tag', async () => {
    const at = await open(url)
    await launcher(at).waitFor()
    await at.page.getByLabel('Colour', { exact: true }).fill('#b91c1c')
    await at.page.getByLabel('Theme').selectOption('dark')
    await group(at, 'Place').click()
    await at.page.getByLabel('Top left').check()
    await group(at, 'Words').click()
    await at.page.getByLabel('Language').selectOption('de')
    await at.page.getByLabel('Greeting').fill('Grüß "Gott" & hallo')
    // Slow typing makes an intermediate preview, which the last one replaces.
    await at.live.locator('html[lang="de"] script[data-greeting]').waitFor({ state: 'attached' })
    const shown = launcher(at)
    await shown.waitFor()
    expect(await shown.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(185, 28, 28)')
    await shown.click()
    await at.live.getByText('Grüß "Gott" & hallo').waitFor()
    await at.live.locator('caty-widget textarea').fill('When are you open?')
    await at.live.locator('caty-widget textarea').press('Enter')
    await at.live
      .locator('caty-widget')
      .getByText(/Monday/)
      .first()
      .waitFor()
    expect(await textOf(at, 'tag')).toBe(
      `<script async src="${edge}/widget.js" data-primary-color="#b91c1c" data-theme="dark" data-position="top-left" data-language="de" data-greeting="Grüß &quot;Gott&quot; &amp; hallo"></script>`,
    )
    expect(at.errors).toEqual([])
  })

  it('gives a tag, a pinned tag, a policy, a module and a Tag Manager tag that work unchanged', async () => {
    const at = await open(url)
    await at.page.getByLabel('Colour', { exact: true }).fill('#b91c1c')
    const tag = await textOf(at, 'tag')
    const module = await textOf(at, 'module')
    const manager = await textOf(at, 'manager')
    const policy = (await textOf(at, 'policy')) ?? ''
    await at.page.getByLabel(/Stay with this version/).check()
    const pinned = await textOf(at, 'tag')
    expect(pinned).toMatch(/\/v\/\d+\.\d+\.\d+\/widget\.js" integrity="sha384-\S{64}" crossorigin="anonymous"/)
    const body = (html: string | null) => `<!doctype html><title>Host</title><body>${html}</body>`
    for (const [html, csp] of [
      [body(tag), policy],
      [body(pinned), policy],
      [body(manager), undefined],
      [body(`<script type="module">${await bundled(module ?? '')}</script>`), undefined],
    ] as const) {
      const pasted = await hostPage(browser, host, edge, html, csp)
      await pasted.launcher.waitFor()
      await ready(pasted)
      expect(await pasted.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe(
        'rgb(185, 28, 28)',
      )
      expect(pasted.errors).toEqual([])
    }
  })

  it('shows the tag and its copy button without scrolling on a 1280 × 800 screen and on phones', async () => {
    const at = await open(url)
    const copy = at.page.getByRole('button', { name: 'Copy the tag', exact: true })
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
      [320, 568],
    ] as const) {
      await at.page.setViewportSize({ width, height })
      for (const part of [at.page.locator('#tag'), copy]) {
        const box = await part.boundingBox()
        expect(box?.y).toBeGreaterThan(0)
        expect((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN)).toBeLessThanOrEqual(height)
      }
    }
  })

  it("draws a colour as the widget does, with readable contrast, and shows the dashboard's colour", async () => {
    const at = await open(url)
    const swatch = at.page.locator('#swatch')
    const colours = (part: Locator) =>
      part.evaluate((element) => {
        const { backgroundColor, color } = getComputedStyle(element)
        return [backgroundColor, color]
      })
    const asDrawn = async () => {
      await expect
        .poll(async () => JSON.stringify(await colours(swatch)))
        .toBe(JSON.stringify(await colours(launcher(at))))
      return colours(swatch)
    }
    await launcher(at).waitFor()
    const [dashboards] = await asDrawn()
    expect(dashboards).toMatch(/^rgb\(/)
    for (const [colour, drawn, picked] of [
      ['gold', 'rgb(255, 215, 0)', '#ffd700'],
      ['rgb(51 0 102)', 'rgb(51, 0, 102)', '#330066'],
    ] as const) {
      await at.page.getByLabel('Colour', { exact: true }).fill(colour)
      await expect.poll(async () => (await colours(swatch))[0]).toBe(drawn)
      expect((await asDrawn())[1]).toMatch(colour === 'gold' ? /^color\(\S+ 0 0 0\)/ : /^color\(\S+ [12]/)
      expect(await at.page.getByLabel('Pick a colour').inputValue()).toBe(picked)
    }
  })

  it('offers a sidebar, an inline chat, a custom button and an exact position', async () => {
    const at = await open(url)
    await launcher(at).waitFor()
    await at.page.getByLabel('Launcher', { exact: true }).selectOption('none')
    await at.live.getByRole('button', { name: 'Your own button' }).click()
    await at.live.locator('caty-widget textarea').waitFor()
    await at.page.getByText('Your button opens the chat').waitFor()
    await at.page.getByLabel('Launcher', { exact: true }).selectOption('')
    await at.page.getByLabel('Layout').selectOption('sidebar')
    await group(at, 'Place').click()
    await at.page.getByLabel('From the side, in pixels').fill('48')
    await at.page.getByLabel('Layer').fill('over all')
    await at.page.getByText('A whole number without a sign').waitFor()
    await at.page.getByLabel('Layer').fill('900')
    await expect
      .poll(() => textOf(at, 'tag'))
      .toBe(
        `<script async src="${edge}/widget.js" data-layout="sidebar" data-offset-x="48" data-z-index="900"></script>`,
      )
    await expect.poll(() => launcher(at).evaluate((button) => getComputedStyle(button).right)).toBe('48px')
    await group(at, 'Looks').click()
    await at.page.getByLabel('Layout').selectOption('inline')
    await at.live.locator('#chat caty-widget textarea').waitFor()
    await at.page.getByLabel('Where in the page').fill('#help')
    await at.live.locator('#help caty-widget textarea').waitFor()
    expect(await textOf(at, 'tag')).toMatch(
      /^<div id="help"><\/div>\n<script .*data-layout="inline" data-target="#help"/,
    )
    expect(at.errors).toEqual([])
  })

  it('checks at once whether a typed address is an edge', async () => {
    const at = await open(url)
    const address = at.page.getByLabel('Address of your Worker')
    await said(at).getByText('can speak with Caty').waitFor()
    await address.fill('http://chat.example.com/x')
    await said(at).getByText('Nothing answers at https://chat.example.com').waitFor()
    expect(await address.getAttribute('aria-invalid')).toBe('true')
    expect(await at.page.getByLabel(/Stay with this version/).isDisabled()).toBe(true)
    await address.fill(shop)
    await said(at).getByText('is the page that you look at').waitFor()
    await address.fill(host)
    await said(at).getByText('it is no Worker of Caty Keyless').waitFor()
    await address.fill(`${edge}/widget.js`)
    await said(at).getByText(`The tag needs ${edge} alone`).waitFor()
    await said(at).getByText('can speak with Caty').waitFor()
    expect(await at.page.getByLabel(/Stay with this version/).isEnabled()).toBe(true)
    expect(await textOf(at, 'tag')).toContain(`src="${edge}/widget.js"`)
  })

  it('copies with a button that confirms it for a while', async () => {
    const at = await open(url, { permissions: ['clipboard-read', 'clipboard-write'] })
    await at.page.clock.install()
    const copy = at.page.getByRole('button', { name: 'Copy the tag', exact: true })
    await copy.click()
    await at.page.getByRole('button', { name: 'Copied the tag', exact: true }).waitFor()
    await expect.poll(() => at.page.evaluate(() => navigator.clipboard.readText())).toBe(await textOf(at, 'tag'))
    await at.page.clock.fastForward('00:05')
    await copy.waitFor()
  })

  it('works by keyboard alone, in reading order', async () => {
    const at = await open(url)
    await launcher(at).waitFor()
    await at.page.getByLabel('Address of your Worker').focus()
    const reached: (string | null)[] = []
    for (let step = 0; step < 4; step++) {
      await at.page.keyboard.press('Tab')
      reached.push(
        await at.page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || null),
      )
    }
    expect(reached).toEqual(['Copy the tag', expect.stringContaining('<script async'), 'preview', 'Looks'])
    await group(at, 'Place').focus()
    await at.page.keyboard.press('Enter')
    await at.page.keyboard.press('Tab')
    await at.page.keyboard.press('ArrowUp')
    await expect.poll(() => textOf(at, 'tag')).toContain('data-position="bottom-left"')
  })

  it('names an invalid colour and leaves it out of the tag', async () => {
    const at = await open(url)
    await at.page.getByLabel('Colour', { exact: true }).fill('reddish')
    await at.page.getByText('This is not a CSS colour').waitFor()
    expect(await textOf(at, 'tag')).not.toContain('reddish')
  })

  it('inspects pasted HTML without running or showing it', async () => {
    const at = await open(url)
    const requests: string[] = []
    await launcher(at).waitFor()
    // The page's own request for the hash of this version is answered; the widget in the frame may still ask.
    await expect.poll(() => at.page.getByLabel(/Stay with this version/).isEnabled()).toBe(true)
    at.page.on('request', (request) => request.frame() === at.page.mainFrame() && requests.push(request.url()))
    await at.page
      .getByLabel('HTML of the page')
      .fill(
        `<body onload="window.ran = 1"><script>window.ran = 1</script><a href="javascript:1" onclick="window.ran = 1" style="color:red"><img src="${host}/x.png" onerror="window.ran = 1"></a><svg onload="window.ran = 1"></svg><script src="${edge}/widget.js" data-api-key="caty_0123456789abcdef"></script>`,
      )
    await at.page.getByText('make a new key').waitFor()
    await at.page.getByText('The tag is not in this HTML').waitFor()
    expect(await at.page.evaluate('typeof window.ran')).toBe('undefined')
    await at.page.getByLabel('HTML of the page').fill(`<body>${await textOf(at, 'tag')}</body>`)
    await at.page.getByText('The tag is there').waitFor()
    expect(requests).toEqual([])
    expect(at.errors).toEqual([])
  })

  it.each<[string, BrowserContextOptions, string]>([
    ['light', { colorScheme: 'light' }, 'ltr'],
    ['dark and narrow', { colorScheme: 'dark', viewport: { width: 320, height: 700 } }, 'ltr'],
    ['from right to left', { colorScheme: 'light' }, 'rtl'],
  ])('has no accessibility violation, %s', async (_, options, direction) => {
    const at = await open(url, { ...options, bypassCSP: true })
    await at.page.evaluate((dir) => {
      document.documentElement.dir = dir
    }, direction)
    await launcher(at).waitFor()
    await at.page.getByLabel('Colour', { exact: true }).fill('reddish')
    await at.page.getByLabel('HTML of the page').fill('<p data-api-key="x"></p>')
    await at.page.getByText('make a new key').waitFor()
    await at.page.evaluate(AxeSource.source)
    const violations = await at.page.evaluate(async () => {
      const found = await Reflect.get(window, 'axe').run()
      return found.violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
        id,
        nodes.map((node) => node.html),
      ])
    })
    expect(violations).toEqual([])
    expect(await at.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  })
})

describe("the installer on a tenant's edge", () => {
  it('is not served unless the owner asked for it', async () => {
    for (const path of ['/installer/', '/installer/index.html', '/installer/main.js'])
      expect((await fetch(edge + path)).status).toBe(404)
  })
})

describe('the installer on the documentation site', () => {
  it('previews the looks of the widget and says that no edge answers there', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'caty-keyless-docs-')), 'docs')
    await buildSite(folder)
    const port = await freePort()
    const server = await serveFolder(folder, '/docs', port)
    try {
      const at = await open(`http://localhost:${port}/docs/installer/index.html`)
      await at.page.getByLabel('Colour', { exact: true }).fill('#b91c1c')
      await at.live.locator('html').waitFor()
      await launcher(at).waitFor()
      await at.page.getByText('It answers once it comes from your Worker').waitFor()
      expect(await textOf(at, 'tag')).toContain('https://chat.example.com/widget.js')
      await at.page.getByLabel('Address of your Worker').fill('chat.acme.example')
      expect(await textOf(at, 'tag')).toContain('https://chat.acme.example/widget.js')
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
