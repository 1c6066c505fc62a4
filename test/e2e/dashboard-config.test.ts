/**
 * What the owner set in Caty's dashboard, and which source wins: `configure()`, the tag, the dashboard, the page, the
 * browser.
 */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, openChat, ready, say, type Visit } from '../support/page.ts'
import { configureSandbox, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

describe('Caty’s dashboard', () => {
  let widgets = 0
  /** A page whose dashboard has these settings. */
  const dashboard = async (config: object, html = '', lang = 'en', locale = 'en-US') => {
    await configureSandbox({ config: { behavior: { greeting: { show_on_load: false } }, ...config } })
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
    ['the default, as none of these names a language that the widget has', '', {}, '', 'fi-FI', 'en'],
  ])(
    'sets the language unless the tag does; here it comes from %s',
    async (_, html, config, lang, locale, language) => {
      const at = await dashboard(config, html, lang, locale)
      await expect.poll(() => ask(at, 'getLanguage()')).toBe(language)
    },
  )

  it.each([
    ['small', 48],
    ['medium', 60],
    ['large', 72],
  ])('makes the launcher %s', async (size, width) => {
    const at = await dashboard({ appearance: { launcher: { size, animation: 'pulse' } } })
    await expect.poll(async () => (await at.launcher.boundingBox())?.width).toBe(width)
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
    await openChat(at)
    await expect.poll(() => drawn.count()).toBe(images)
  })

  it('colours the chat, and the page overrides the colour', async () => {
    const colors = { primary: '#123456', background: '#fffbe6', text: '#222222' }
    const at = await dashboard({ appearance: { colors } })
    await openChat(at)
    const background = () => at.dialog.evaluate((dialog) => getComputedStyle(dialog).backgroundColor)
    await expect.poll(background).toBe('rgb(255, 251, 230)')
    await ask(at, "configure({ colors: { background: '#e6fffb' } })")
    await expect.poll(background).toBe('rgb(230, 255, 251)')
  })

  /** The text colours as painted: of the visitor, the assistant and the field, and the field's background. */
  const painted = (at: Visit) =>
    at.dialog.evaluate((dialog) => {
      const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
      const hex = (colour: string) => {
        if (!pen) return ''
        pen.fillStyle = colour
        pen.fillRect(0, 0, 1, 1)
        return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)]
          .map((part) => part.toString(16).padStart(2, '0'))
          .join('')
      }
      const of = (selector: string) => {
        const element = dialog.querySelector(selector)
        return element ? hex(getComputedStyle(element).color) : ''
      }
      return {
        user: of('.user'),
        assistant: of('.assistant'),
        field: of('textarea'),
        chat: hex(getComputedStyle(dialog).backgroundColor),
      }
    })
  const chat = async (at: Visit) => {
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
  }

  it('colours the texts of visitor, assistant and field wherever they are readable', async () => {
    const colors = { primary: '#0b3d2e', user_text: '#ffe9a8', assistant_text: '#5b1a1a', input_text: 'rebeccapurple' }
    const at = await dashboard({ appearance: { colors, theme: 'light' } })
    await chat(at)
    await expect.poll(() => painted(at)).toMatchObject({ user: 'ffe9a8', assistant: '5b1a1a', field: '663399' })
    // In the dark theme two of the colours are unreadable on their background; only the visitor's own stays.
    await ask(at, "configure({ theme: 'dark' })")
    await expect.poll(() => painted(at)).toMatchObject({ user: 'ffe9a8', assistant: 'eceff2', field: 'eceff2' })
  })

  it('keeps its colours when the system changes from light to dark, as far as they are readable there', async () => {
    const colors = { primary: '#4f46e5', assistant_text: '#5b1a1a', input_text: '#ffd0d0' }
    const at = await dashboard({ appearance: { colors, theme: 'auto' } })
    await chat(at)
    await expect.poll(() => painted(at)).toMatchObject({ assistant: '5b1a1a', field: '1b2128' })
    await at.page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(() => painted(at)).toMatchObject({ assistant: 'eceff2', field: 'ffd0d0' })
  })

  it.each([
    ['too pale for its background', { user_text: '#8f8ae8', assistant_text: '#aaaaaa', input_text: '#cccccc' }],
    ['half transparent', { user_text: '#fff8', assistant_text: 'rgb(0 0 0/50%)', input_text: 'transparent' }],
    ['not a colour', { user_text: 'nonsense', assistant_text: 'red;}', input_text: 'url(x)' }],
  ])('does not replace a colour of the widget with one that is %s', async (_, texts) => {
    const at = await dashboard({ appearance: { colors: { primary: '#4f46e5', ...texts }, theme: 'light' } })
    await chat(at)
    await expect.poll(() => at.calls.filter((call) => call.endsWith('/api.js')).length).toBe(1)
    await expect.poll(() => painted(at)).toMatchObject({ user: 'ffffff', assistant: '1b2128', field: '1b2128' })
  })

  it('adapts every part to the background colour of the owner, whatever the theme', async () => {
    // What the vendor's dashboard stores for a dark chat, with a theme that follows a light system.
    const colors = {
      background: '#111827',
      text: '#f3f4f6',
      user_text: '#ffffff',
      assistant_text: '#e5e7eb',
      input_text: '#f9fafb',
    }
    const at = await dashboard({ appearance: { colors: { primary: '#6366f1', ...colors }, theme: 'auto' } })
    await chat(at)
    await at.log.hover()
    await expect.poll(() => painted(at)).toMatchObject({ assistant: 'e5e7eb', field: 'f9fafb', chat: '111827' })
    await at.log.locator('time').last().waitFor()
    expect(await violations(at.page)).toEqual([])
  })

  it('loads no extra chunk for a primary colour alone', async () => {
    const at = await dashboard({ appearance: { colors: { primary: '#123456' } } })
    await chat(at)
    expect(at.calls.filter((call) => call.endsWith('/api.js'))).toEqual([])
  })
})
