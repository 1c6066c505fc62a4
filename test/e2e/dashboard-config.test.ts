/** What the owner set in Caty's dashboard, and who outweighs whom: `configure()`, the tag, the dashboard, the page, the browser. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { launchBrowser } from '../../tools/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, type Visit } from '../support/page.ts'

const { edge, host, sandbox } = inject('stack')
let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const ask = (at: Visit, expression: string): Promise<unknown> =>
  at.page.evaluate(`Promise.resolve(window.CatyWidget.${expression})`)
const ready = (at: Visit) => at.page.waitForFunction('window.CatyWidget?.getState?.().ready')

describe('the dashboard', () => {
  let widgets = 0
  /** A page whose dashboard says this. */
  const dashboard = async (config: object, html = '', lang = 'en', locale = 'en-US') => {
    await fetch(`${sandbox}/__sandbox/config`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ config: { behavior: { greeting: { show_on_load: false } }, ...config } }),
    })
    const tag = `<script src="${edge}/widget.js" data-widget-id="x${widgets++}" ${html} async></script>`
    const context = await browser.newContext({ locale })
    const icon = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><circle r="9" cx="12" cy="12"/></svg>'
    await context.route(`${host}/icon.svg`, (route) => route.fulfill({ contentType: 'image/svg+xml', body: icon }))
    await context.route(`${host}/missing.svg`, (route) => route.fulfill({ status: 404, body: '' }))
    const document = `<!doctype html><html lang="${lang}"><title>Shop</title><body>${tag}</body></html>`
    const at = await enter(context, hostUrl(host, document), edge)
    await ready(at)
    return at
  }

  it.each([
    ['the tag', 'data-language="it"', { persona: { language: 'fr' } }, 'de', 'ja-JP', 'it'],
    ['the dashboard', '', { persona: { language: 'fr' } }, 'de', 'ja-JP', 'fr'],
    [
      'the one language of the assistant',
      '',
      { persona: { language: 'fr', languages_supported: ['ro'] } },
      'de',
      'ja-JP',
      'ro',
    ],
    ['the page', '', {}, 'de-AT', 'ja-JP', 'de'],
    ['the browser', '', {}, 'fi', 'ja-JP', 'ja'],
    ['nothing that is known', '', {}, '', 'fi-FI', 'en'],
  ])('or who else names the language: %s', async (_, html, config, lang, locale, language) => {
    const at = await dashboard(config, html, lang, locale)
    expect(await ask(at, 'getLanguage()')).toBe(language)
    await at.context.close()
  })

  it.each([
    ['small', 48],
    ['medium', 60],
    ['large', 72],
  ])('makes the launcher %s', async (size, width) => {
    const at = await dashboard({ appearance: { launcher: { size, animation: 'pulse' } } })
    await expect.poll(async () => (await at.launcher.boundingBox())?.width).toBe(width)
    await at.context.close()
  })

  it.each([
    ['an icon of the owner', '/icon.svg', 1],
    ['its own glyph where the icon is missing', '/missing.svg', 0],
    ['its own glyph where the address is no address', 'javascript:alert(1)', 0],
  ])('gives the launcher %s', async (_, path, images) => {
    const icon_url = path.startsWith('/') ? host + path : path
    const at = await dashboard({ appearance: { launcher: { icon_url } } })
    const drawn = at.launcher.locator('img[part="launcher-icon"]')
    await expect.poll(() => drawn.count()).toBe(images)
    await at.launcher.click()
    await at.composer.waitFor()
    expect(await drawn.count()).toBe(images)
    await at.context.close()
  })

  it('colours the chat, and the page outweighs it', async () => {
    const colors = { primary: '#123456', background: '#fffbe6', text: '#222222' }
    const at = await dashboard({ appearance: { colors } })
    await at.launcher.click()
    await at.composer.waitFor()
    const background = () => at.dialog.evaluate((dialog) => getComputedStyle(dialog).backgroundColor)
    await expect.poll(background).toBe('rgb(255, 251, 230)')
    await ask(at, "configure({ colors: { background: '#e6fffb' } })")
    await expect.poll(background).toBe('rgb(230, 255, 251)')
    await at.context.close()
  })
})
