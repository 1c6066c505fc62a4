/**
 * A page written for the vendor's widget from its documentation: its tag with a changed address, each documented
 * attribute, method, option and event, and the API that was observed in its production widget.
 */
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, holds, openChat, ready, say, type Visit } from '../support/page.ts'
import { bodies, planFaults, received, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')
beforeEach(resetSandbox)

const page = async (html: string): Promise<Visit> =>
  enter(
    await browser.newContext(),
    hostUrl(host, `<!doctype html><html lang="en"><title>Shop</title><body>${html}</body></html>`),
    edge,
  )

/** Caty's installation page with only the address changed; the key is still in it. */
const TAG = `<script src="${edge}/widget.js" data-api-key="caty_0123456789abcdef0123456789abcdef" data-position="bottom-left"
  data-primary-color="#0a7f5a" data-theme="dark" data-greeting="Welcome to the shop" async></script>`

describe("the tag of the vendor's documentation", () => {
  it('places, colours and greets as documented', async () => {
    const at = await page(TAG)
    await at.launcher.waitFor()
    expect((await at.launcher.boundingBox())?.x).toBeLessThan(100)
    expect(await at.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(10, 127, 90)')
    await at.launcher.click()
    await at.log.getByText('Welcome to the shop').waitFor()
    expect(await at.dialog.evaluate((dialog) => getComputedStyle(dialog).colorScheme)).toBe('dark')
  })

  it('works with data-widget-id, and provides window.CatyAI', async () => {
    const at = await page(
      `<script>window.CatyAI = { widgetId: 'v0', position: 'top-right', theme: 'light', language: 'de' }</script>
       <script src="${edge}/widget.js" data-widget-id="v1" async></script>`,
    )
    await at.launcher.waitFor()
    await ready(at)
    expect(await ask(at, 'getLanguage()')).toBe('de')
    const box = await at.launcher.boundingBox()
    expect(box?.y).toBeLessThan(100)
  })
})

describe('window.CatyWidget as the vendor documents it', () => {
  it('opens, closes, toggles, sends and fires events', async () => {
    const at = await page(TAG)
    await ready(at)
    await at.page.evaluate(
      "window.heard = []; CatyWidget.on('message', (message) => heard.push([message.role, message.content]))",
    )
    await ask(at, 'open()')
    await at.composer.waitFor()
    await ask(at, 'close()')
    await at.dialog.waitFor({ state: 'hidden' })
    await ask(at, 'toggle()')
    await at.composer.waitFor()
    await ask(at, "sendMessage('When are you open?')")
    const heard = await at.page.evaluate('window.heard')
    // One event for each message; the vendor's widget fires two for a reply.
    expect(heard).toEqual([
      ['user', 'When are you open?'],
      ['assistant', expect.stringMatching(/Monday/)],
    ])
  })

  it('reports a lead as lead_captured and as lead', async () => {
    const at = await page(TAG)
    await ready(at)
    await planFaults({
      path: '/api/widget/chat/message',
      status: 200,
      body: { success: true, content: 'Thank you', lead_captured: true, lead_data: { email: 'ana@example.com' } },
    })
    await at.page.evaluate(
      "window.leads = []; for (const name of ['lead', 'lead_captured']) CatyWidget.on(name, (lead) => leads.push([name, lead.email]))",
    )
    await ask(at, "sendMessage('I am ana@example.com')")
    expect(await at.page.evaluate('window.leads')).toEqual([
      ['lead', 'ana@example.com'],
      ['lead_captured', 'ana@example.com'],
    ])
  })

  it('starts with init(config) where the tag does not start it', async () => {
    const at = await page(`<script src="${edge}/widget.js" data-load="manual" async></script>`)
    await holds(at.page, 'window.CatyWidget?.init')
    expect(await at.launcher.count()).toBe(0)
    await ask(at, "init({ position: 'top-left', greeting: 'Started by hand' })")
    await at.launcher.click()
    await at.log.getByText('Started by hand').waitFor()
  })

  it('accepts every option of configure()', async () => {
    const at = await page(TAG)
    await ready(at)
    await at.launcher.waitFor()
    await ask(
      at,
      `configure({ position: 'top-right', theme: 'light', colors: { primary: '#123456', secondary: '#8b5cf6', background: '#fffbe6', text: '#222222' },
        persona: { name: 'Bob', greeting: 'Hello from Bob' }, behavior: { showOnLoad: false, proactiveDelay: 5000, collectEmail: true },
        sounds: false, features: { proactiveMessages: false, leadCapture: false, humanHandoff: true, fileUpload: false, voiceInput: false } })`,
    )
    const corner = async () => {
      const { x, y } = (await at.launcher.boundingBox()) ?? { x: 0, y: 999 }
      return [x > 500, y < 100]
    }
    await expect.poll(corner).toEqual([true, true])
    await expect
      .poll(() => at.launcher.evaluate((button) => getComputedStyle(button).backgroundColor))
      .toBe('rgb(18, 52, 86)')
    await holds(at.page, "document.querySelector('caty-widget').style.getPropertyValue('--caty-background')")
    await ask(at, 'configure({ autoOpen: true, autoOpenDelay: 10 })')
    await at.composer.waitFor()
    await at.dialog.getByText('Bob', { exact: true }).waitFor()
    await ask(at, 'configure({ visible: false })')
    await at.launcher.waitFor({ state: 'hidden' })
    await ask(at, 'configure({ visible: true })')
    await at.launcher.waitFor()
    await ask(at, 'configure({ showLauncher: false })')
    await at.launcher.waitFor({ state: 'detached' })
    expect(at.errors).toEqual([])
  })

  it('ends without leaving anything, and can start again', async () => {
    const at = await page(TAG)
    await at.launcher.waitFor()
    await ask(at, 'open()')
    await at.composer.waitFor()
    await ask(at, 'destroy()')
    expect(await at.page.evaluate("document.querySelectorAll('caty-widget').length")).toBe(0)
    await ask(at, 'init()')
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    expect(at.errors).toEqual([])
  })

  it('forgets the visitor with clearSession()', async () => {
    const at = await page(TAG)
    await ready(at)
    await ask(at, "identify({ name: 'Ana', email: 'ana@example.com' })")
    await ask(at, "sendMessage('When are you open?')")
    await ask(at, 'clearSession()')
    await ask(at, "sendMessage('How long does shipping take?')")
    const sessions = await bodies('/api/widget/session')
    expect(new Set(sessions.map((body) => body.visitor_id)).size).toBe(2)
    await openChat(at)
    await at.log.locator('[part~="user"]').getByText('How long does shipping take?').waitFor()
    expect(await at.log.getByText('When are you open?').count()).toBe(0)
  })
})

describe('the observed API of the production widget', () => {
  it('is complete, as in the published types', async () => {
    const types = await readFile('widget/caty-widget.d.ts', 'utf8')
    const [, body = ''] = /interface CatyWidgetApi \{([\s\S]*?)\n\}/.exec(types) ?? []
    const published = [...body.matchAll(/^ {2}(?:readonly )?(\w+)[(:<]/gm)].map(([, name = '']) => name)
    const at = await page(TAG)
    await ready(at)
    const members = await at.page.evaluate('Object.keys(window.CatyWidget)')
    expect([...new Set(published)].sort()).toEqual([members].flat().sort())
    expect(published).toEqual(
      expect.arrayContaining(
        'init open close toggle sendMessage on off once configure identify clearSession destroy showBubble hideBubble trackEvent getMetrics getPageContext setLanguage getLanguage getSupportedLanguages ready getState getUnavailableReason show hide version consent'.split(
          ' ',
        ),
      ),
    )
    expect(await at.page.evaluate('window.Caty === window.CatyWidget')).toBe(true)
    const [methods, events] = [await readFile('docs/methods.md', 'utf8'), await readFile('docs/events.md', 'utf8')]
    expect(published.filter((name) => name !== 'q' && !RegExp(`\`${name}[(\`]`).test(methods))).toEqual([])
    const [, told = ''] = /interface CatyEvents \{([\s\S]*?)\n\}/.exec(types) ?? []
    const named = [...told.matchAll(/^ {2}(\w+):/gm)].map(([, name = '']) => name)
    expect(named.length).toBeGreaterThan(12)
    expect(named.filter((name) => !events.includes(`\`${name}\``))).toEqual([])
  })

  it('identifies a visitor in this session and in the next', async () => {
    const at = await page(TAG)
    await ready(at)
    await ask(at, "identify({ email: 'ana@example.com', plan: 'gold', nested: { not: 'told' } })")
    expect(at.calls.filter((call) => call.includes('/session'))).toEqual([])
    await ask(at, "sendMessage('When are you open?')")
    const told = async () =>
      (await received()).filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body).visitor_info)
    await expect.poll(told).toEqual([{ email: 'ana@example.com', plan: 'gold' }])
    await ask(at, "identify({ plan: 'silver' })")
    expect(await told()).toEqual([
      { email: 'ana@example.com', plan: 'gold' },
      { email: 'ana@example.com', plan: 'silver' },
    ])
  })

  it('changes the language at once, also in an open chat', async () => {
    const at = await page(TAG)
    await ready(at)
    expect(await ask(at, 'getSupportedLanguages()')).toHaveLength(14)
    await at.page.evaluate(
      "window.spoken = []; CatyWidget.on('languageChanged', ({ language }) => spoken.push(language))",
    )
    await ask(at, 'open()')
    await at.composer.waitFor()
    await ask(at, "setLanguage('fr')")
    await at.dialog.getByPlaceholder('Écrivez un message…').waitFor()
    await ask(at, "setLanguage('xx')")
    await at.dialog.getByPlaceholder('Write a message…').waitFor()
    expect(await at.page.evaluate('window.spoken')).toEqual(['fr', 'en'])
  })

  it('once() listens once, off() stops listening, and a listener that throws does not affect the others', async () => {
    const at = await page(TAG)
    await ready(at)
    await at.page.evaluate(`window.heard = []
      const always = () => heard.push('always')
      CatyWidget.once('open', () => heard.push('once'))
      CatyWidget.on('open', () => { throw new Error('of the page') })
      CatyWidget.on('open', always)
      CatyWidget.on('open', () => heard.push('last'))
      window.always = always`)
    await ask(at, 'open()')
    await ask(at, 'close()')
    await at.page.evaluate("CatyWidget.off('open', always)")
    await ask(at, 'open()')
    expect(await at.page.evaluate('window.heard')).toEqual(['once', 'always', 'last', 'last'])
  })

  it('navigate() names a page that only the app knows', async () => {
    const at = await page(TAG)
    await ready(at)
    const reply = {
      success: true,
      content: 'This way',
      suggested_actions: [{ label: 'Check out', action: 'navigate', payload: { page: 'checkout' } }],
    }
    await planFaults({ path: '/api/widget/chat/message', status: 200, body: reply })
    await at.page.evaluate("window.pages = []; CatyWidget.on('navigate', ({ page }) => pages.push(page))")
    await openChat(at)
    await say(at, 'I want to pay', /This way/)
    await at.dialog.getByRole('button', { name: 'Check out' }).click()
    await expect.poll(() => at.page.evaluate('window.pages')).toEqual(['checkout'])
  })
})
