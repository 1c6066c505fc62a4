/** What the widget observes on a page and does with it: tracking, rules, bubbles and consent. */
import axe from 'axe-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, holds, openChat, say, type Visit } from '../support/page.ts'
import { bodies, configureSandbox, received, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

/** The calls of a proactive message, without the reports about it. */
const asked = async () => (await bodies('/api/widget/proactive')).filter((body) => 'trigger_type' in body)

let widgets = 0
/** Sets up the next unused widget with this behaviour. Returns its id for the tag. */
async function widget(behavior: object, more: object = {}): Promise<string> {
  await configureSandbox({ config: { behavior, ...more } })
  return `data-widget-id="p${widgets++}"`
}

const BODY = `<h1>Mugs</h1><button id="buy" class="cta">Buy a mug</button><p style="height:4000px">Long</p>
<form><input name="city"><input name="secret" type="password"><input name="card" autocomplete="cc-number"></form>`
/** A bubble disappears after 20 s. On these pages it stays, because a slow machine may need longer to check it. */
const STAYS =
  '<script>const own = setTimeout; window.setTimeout = (run, ms, ...all) => (ms === 20_000 ? 0 : own(run, ms, ...all))</script>'
const html = (attributes: string, body = BODY) =>
  `<!doctype html><html lang="en"><title>Mugs</title>${STAYS}<body>${body}<script async src="${edge}/widget.js" ${attributes}></script></body></html>`
const page = async (attributes: string, body = BODY) =>
  enter(await browser.newContext(), hostUrl(host, html(attributes, body)), edge)
const eventTypes = async () =>
  (await bodies('/api/widget/track')).flatMap((body) => [body.events].flat().map((event) => Object(event).type))
async function until(check: () => Promise<boolean>): Promise<void> {
  await expect.poll(check).toBe(true)
}
const bubble = (at: Visit) => at.page.locator('caty-widget [part="bubble-popup"]')

const PROACTIVE = { greeting: { show_on_load: false }, proactive: { enabled: true } }

describe('a bubble that the page shows', () => {
  it('with the id of a message of Caty is reported once the visitor answers or closes it', async () => {
    const at = await page(await widget(PROACTIVE))
    await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
    await ask(at, "showBubble('One', { messageId: 'm1' })")
    await at.page.locator('caty-widget [part="bubble-close"]').click()
    await until(async () => (await bodies('/api/widget/proactive/dismissed')).some((body) => body.message_id === 'm1'))
    await ask(at, "showBubble('Two', { messageId: 'm2' })")
    await at.page.locator('caty-widget [part="bubble-text"]').click()
    await until(async () =>
      (await bodies('/api/widget/proactive/engaged')).some(
        (body) => body.message_id === 'm2' && body.action === 'clicked',
      ),
    )
    await at.context.close()
  })
})

describe('tracking', () => {
  it('sends events in batches, and the last batch when the visitor leaves the page', async () => {
    const address = `${hostUrl(host, html(await widget(PROACTIVE)))}&utm_source=news&utm_medium=mail&email=ana`
    const at = await enter(await browser.newContext(), address, edge)
    await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
    await at.page.click('#buy')
    await at.page.evaluate("CatyWidget.trackEvent('size_chosen', { size: 'L', nested: { gone: 1 } })")
    await until(async () => (await eventTypes()).includes('size_chosen'))
    // The next batch has started, and the visitor leaves at once.
    await at.page.evaluate(() => {
      for (const selector of ['#buy', 'input[name=city]', 'input[name=secret]', 'input[name=card]']) {
        const element = document.querySelector<HTMLElement>(selector)
        element?.focus()
        if (element?.id) element.click()
      }
    })
    await at.page.goto('about:blank')
    // The last events of a page may take several calls, which may arrive in any order.
    await until(async () => (await eventTypes()).includes('page_hidden'))
    await expect.poll(async () => (await eventTypes()).filter((type) => type === 'click').length).toBe(2)
    await until(async () => JSON.stringify(await bodies('/api/widget/track')).includes('city'))
    const all = JSON.stringify(await bodies('/api/widget/track'))
    expect(all).not.toMatch(/secret|card|nested/)
    // The campaign that brought the visitor, and no other part of the address.
    const [session] = await bodies('/api/widget/session')
    expect(session?.source).toMatchObject({ utm: { source: 'news', medium: 'mail' } })
    expect(JSON.stringify(await received())).not.toContain('email=ana')
  })
})

const NOW = '<script>window.CatyAI = { behavior: { proactiveDelay: 0 } }</script>'
const rules = (...list: object[]) => ({ greeting: { show_on_load: false }, proactive: { enabled: true, rules: list } })
const CLICKED = { id: 'clicked', conditions: { clickCount: { gte: 1, lt: 4 } }, message_type: 'clicked' }

describe('a proactive message', () => {
  it('appears by a rule, and its action continues in the chat', async () => {
    const at = await page(await widget(rules(CLICKED)), NOW + BODY)
    await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
    await at.page.evaluate(
      "window.seen = []; for (const name of ['bubble_shown', 'bubble_clicked']) CatyWidget.on(name, () => seen.push(name))",
    )
    await at.page.click('#buy')
    await bubble(at).getByText('Can I help you choose?').waitFor()
    await bubble(at).getByRole('button', { name: 'Show me your mugs' }).click()
    await at.log.getByText('Can I help you choose?').waitFor()
    await at.log.locator('[part~="user"]').getByText('Show me your mugs').waitFor()
    await at.log.locator('[part~="assistant"]').nth(1).waitFor()
    const [wish] = await asked()
    expect(wish).toMatchObject({ trigger_type: 'clicked', language: 'en', context: { page_title: 'Mugs' } })
    expect(JSON.stringify(wish)).not.toContain('html=')
    await until(async () => (await bodies('/api/widget/proactive/engaged')).length === 1)
    // One visitor in one session, whether the page or the visitor spoke first.
    const [message] = await bodies('/api/widget/chat/message')
    expect(message?.session_id).toBe(wish?.session_id)
    expect(await at.page.evaluate('window.seen')).toEqual(['bubble_shown', 'bubble_clicked'])
    expect(at.errors).toEqual([])
  })

  it('that was dismissed does not appear again, but another may', async () => {
    const again = { ...CLICKED, cooldown_seconds: 0 }
    const other = { id: 'other', conditions: { clickCount: { gte: 4 } }, message_type: 'other' }
    const config = rules(again, other)
    const at = await page(await widget({ ...config, proactive: { ...config.proactive, cooldown_ms: 0 } }), NOW + BODY)
    await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
    await at.page.click('#buy')
    await bubble(at).waitFor()
    await bubble(at).getByRole('button', { name: 'Dismiss' }).click()
    await bubble(at).waitFor({ state: 'detached' })
    await until(async () => (await bodies('/api/widget/proactive/dismissed')).length === 1)
    await at.page.click('#buy')
    await at.page.click('#buy')
    await at.page.click('#buy')
    await bubble(at).waitFor()
    expect((await asked()).map((body) => body.trigger_type)).toEqual(['clicked', 'other'])
  })

  it('opens the chat if the rule says so, but is a bubble on a phone', async () => {
    const auto = rules({ ...CLICKED, auto_open: true })
    const at = await page(await widget(auto), NOW + BODY)
    await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
    await at.page.click('#buy')
    await at.composer.waitFor()
    await at.log.getByText('Can I help you choose?').waitFor()

    const context = await browser.newContext({ viewport: { width: 390, height: 800 } })
    const phone = await enter(context, hostUrl(host, html(await widget(auto), NOW + BODY)), edge)
    await holds(phone.page, 'window.CatyWidget?.getMetrics?.()')
    await phone.page.click('#buy')
    await bubble(phone).waitFor()
    expect(await phone.dialog.count()).toBe(0)
  })

  it('greets once, and waits while the visitor types in a field of the page', async () => {
    const greeting = { greeting: { message: 'Ahoy, need a mug?', show_on_load: true, delay_ms: 50 } }
    const at = await page(await widget(greeting), `${BODY}<script>document.querySelector('input').focus()</script>`)
    await holds(at.page, 'window.CatyWidget?.on')
    await at.page.evaluate(
      "window.seen = []; CatyWidget.on('bubble_shown', () => seen.push(document.activeElement.tagName)); CatyWidget.ready.then(() => 1)",
    )
    // The greeting is ready and waits.
    await expect.poll(() => at.calls.some((call) => call.endsWith('/page-rules.js'))).toBe(true)
    // The time to type a sentence is many times the delay of the greeting.
    await at.page.keyboard.type('The blue mug, please', { delay: 50 })
    await at.page.evaluate('document.activeElement.blur()')
    await bubble(at).getByText('Ahoy, need a mug?').click()
    await at.composer.waitFor()
    await expect.poll(() => at.log.getByText('Ahoy, need a mug?').count()).toBe(1)
    expect(await at.page.evaluate('window.seen')).toEqual(['BODY'])
    expect(await bodies('/api/widget/view')).toEqual([])
  })

  it('shown by the page itself has working actions and a close button', async () => {
    const at = await page(await widget({}))
    await at.launcher.waitFor()
    await ask(
      at,
      "showBubble('Hello *you*', { suggestedActions: [{ label: 'Our mugs', action: 'link', url: '/mugs' }] })",
    )
    await bubble(at).getByText('Hello you').waitFor()
    expect(await bubble(at).getByRole('link', { name: 'Our mugs' }).getAttribute('href')).toBe(`${host}/mugs`)
    await ask(at, 'hideBubble()')
    await bubble(at).waitFor({ state: 'detached' })
  })
})

describe('a single-page app', () => {
  it.each([true, false])(
    'starts each page with new metrics and restores the history functions (Navigation API: %s)',
    async (modern) => {
      const context = await browser.newContext()
      if (!modern) await context.addInitScript("Object.defineProperty(window, 'navigation', { value: undefined })")
      await context.addInitScript('window.before = history.pushState')
      const at = await enter(context, hostUrl(host, html(await widget(PROACTIVE), BODY)), edge)
      await holds(at.page, 'window.CatyWidget?.getMetrics?.()')
      await at.page.click('#buy')
      await expect.poll(() => ask(at, 'getMetrics()')).toMatchObject({ clickCount: 1 })
      await at.page.evaluate("history.pushState({}, '', '/other')")
      await expect.poll(() => ask(at, 'getMetrics()')).toMatchObject({ clickCount: 0, scrollDepth: 0 })
      expect(await ask(at, 'getPageContext()')).toMatchObject({ page_url: `${host}/other` })
      await ask(at, 'destroy()')
      expect(await at.page.evaluate('history.pushState === window.before')).toBe(true)
    },
  )
})

describe('a bubble', () => {
  it.each([
    ['light', 'en', 1200],
    ['dark', 'en', 1200],
    ['light', 'ar', 390],
    ['dark', 'ar', 320],
  ] as const)(
    'in %s, %s and %s px is within the screen and has no accessibility violation',
    async (colorScheme, language, width) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 700 },
        reducedMotion: 'reduce',
      })
      const tag = `${await widget({})} data-language="${language}"`
      const at = await enter(context, hostUrl(host, html(tag, '<main><h1>Mugs</h1></main>')), edge)
      await at.launcher.waitFor()
      await ask(
        at,
        "showBubble('A rather long word of welcome that needs a second line to be read', { suggestedActions: ['One', { label: 'Two', action: 'dismiss' }] })",
      )
      await bubble(at).getByText('second line').waitFor()
      const box = (await bubble(at).boundingBox()) ?? { x: -1, y: 0, width: 0, height: 0 }
      expect(box.x).toBeGreaterThanOrEqual(0)
      expect(box.x + box.width).toBeLessThanOrEqual(width)
      await at.page.evaluate(axe.source)
      const violations = await at.page.evaluate(async () => {
        const results = await Reflect.get(window, 'axe').run('caty-widget')
        return results.violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
          id,
          nodes.map(({ html }) => html),
        ])
      })
      expect(violations).toEqual([])
      // With the keyboard alone: Escape closes it, and the launcher takes the focus.
      await bubble(at).getByRole('button', { name: 'One' }).focus()
      await at.page.keyboard.press('Escape')
      await bubble(at).waitFor({ state: 'detached' })
      await expect.poll(() => at.launcher.evaluate((button) => button.matches(':focus'))).toBe(true)
    },
  )
})

describe('a browser that blocks', () => {
  it.each([
    ['the chunks that observe', /\/(page-rules|observe|bubble|api)\.js/],
    ['the calls that report', /\/api\/widget\/(view|track|proactive)/],
  ])('%s still has a working chat and a page without errors', async (_, blocked) => {
    const context = await browser.newContext()
    await context.route(blocked, (route) => route.abort())
    const tag = await widget({
      greeting: { show_on_load: true, delay_ms: 10 },
      proactive: { enabled: true, rules: [CLICKED] },
    })
    const at = await enter(context, hostUrl(host, html(tag, NOW + BODY)), edge)
    const uncaught: string[] = []
    at.page.on('pageerror', (error) => uncaught.push(String(error)))
    await at.launcher.waitFor()
    await at.page.click('#buy')
    await at.page.evaluate(
      `CatyWidget.trackEvent('a'); CatyWidget.showBubble('Hello'); CatyWidget.identify({ name: 'Ana' }); CatyWidget.configure({ theme: 'dark' })`,
    )
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await at.page.evaluate('dispatchEvent(new Event("pagehide"))')
    expect(uncaught).toEqual([])
    expect(at.errors.filter((line) => !line.includes('Failed to load resource'))).toEqual([])
  })
})
