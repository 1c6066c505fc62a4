/** Bad networks, several tabs, and a second visitor on the same machine, in a real browser. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { ask, enter, listenToStatus, openChat, ready, say, type Visit, visit } from '../support/page.ts'
import { bodies, planFaults, received, releaseFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, shop } = inject('stack')

beforeEach(resetSandbox)

/** The messages that reached Caty, oldest first. */
const told = async () => (await bodies('/api/widget/chat/message')).map(({ message }) => message)
const send = async (at: Visit, text: string) => {
  await at.composer.fill(text)
  await at.composer.press('Enter')
}
const replies = (at: Visit) => at.log.locator('[part~="assistant"]')

describe('on a bad network', () => {
  it('the typed text survives an outage, and sent messages go out by themselves in order', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    await at.composer.fill('And how long does')
    await at.context.setOffline(true)
    await at.composer.pressSequentially(' shipping take?')
    await at.composer.press('Enter')
    await send(at, 'Do you have a blue mug?')
    await at.dialog.getByText('Not sent. You seem to be offline.').waitFor()
    // The widget retries now and then without telling the visitor.
    const retry = at.dialog.getByRole('button', { name: 'Retry' })
    await expect.poll(() => retry.count()).toBe(1)
    const before = await replies(at).count()
    await at.context.setOffline(false)
    await replies(at)
      .nth(before + 1)
      .waitFor()
    await expect.poll(() => retry.count()).toBe(0)
    expect(await told()).toEqual(['When are you open?', 'And how long does shipping take?', 'Do you have a blue mug?'])
  })

  it('a message that was not sent survives a reload and goes out once', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    await at.context.route(`${edge}/api/**`, (route) => route.abort())
    await send(at, 'How long does shipping take?')
    await at.dialog.getByRole('button', { name: 'Retry' }).waitFor()
    await at.context.unroute(`${edge}/api/**`)
    await at.page.reload()
    await replies(at)
      .filter({ hasText: /working days/ })
      .waitFor()
    await expect.poll(() => at.log.getByText('How long does shipping take?', { exact: true }).count()).toBe(1)
    expect(await told()).toEqual(['When are you open?', 'How long does shipping take?'])
  })

  it('a reload while Caty answers shows the answer on the new page, and Caty is asked once', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    await planFaults({ path: '/api/widget/chat/message', held: true })
    await send(at, 'How long does shipping take?')
    await expect.poll(told).toHaveLength(2)
    await at.page.reload()
    // Caty answers only after the new page has loaded, however long that takes.
    await at.composer.waitFor()
    await releaseFaults()
    await replies(at)
      .filter({ hasText: /working days/ })
      .waitFor()
    expect(await told()).toEqual(['When are you open?', 'How long does shipping take?'])
  })

  it('a message whose answer was cut off may have arrived, so only a click sends it again', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    await planFaults({ path: '/api/widget/chat/message', hangUp: true })
    await send(at, 'How long does shipping take?')
    await at.dialog.getByText('This may have arrived, nobody knows. Send it again?').waitFor()
    await say(at, 'Do you have a blue mug?', /mug/i)
    expect((await told()).length).toBe(3)
    await at.dialog.getByRole('button', { name: 'Retry' }).click()
    await replies(at)
      .filter({ hasText: /working days/ })
      .waitFor()
    expect((await told()).slice(1).sort()).toEqual([
      'Do you have a blue mug?',
      'How long does shipping take?',
      'How long does shipping take?',
    ])
  })

  it('the panel says when it tries a busy edge again, and does so', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'When are you open?', /Monday/)
    await at.context.route(
      `${edge}/api/widget/message`,
      (route) =>
        route.fulfill({
          status: 429,
          headers: {
            'Retry-After': '2',
            'Access-Control-Allow-Origin': '*',
            'Access-Control-Expose-Headers': 'Retry-After',
          },
          json: { success: false, code: 'RATE_LIMITED' },
        }),
      { times: 1 },
    )
    const said = await listenToStatus(at)
    await send(at, 'How long does shipping take?')
    await expect.poll(said).toMatch(/Busy just now. Trying again at \d+:\d\d:\d\d/)
    await replies(at)
      .filter({ hasText: /working days/ })
      .waitFor()
  })
})

describe('two tabs of one visitor', () => {
  it('show the same conversation live, in one session', async () => {
    const one = await openChat(await visit(browser, shop, edge))
    await say(one, 'When are you open?', /Monday/)
    const two = await openChat(await enter(one.context, `${shop}/contact`, edge))
    await two.log.getByText('When are you open?').waitFor()
    await say(two, 'How long does shipping take?', /working days/)
    await replies(one)
      .filter({ hasText: /working days/ })
      .waitFor()
    await say(one, 'Do you have a blue mug?', /mug/i)
    await two.log.getByText('Do you have a blue mug?', { exact: true }).waitFor()
    expect(await told()).toEqual(['When are you open?', 'How long does shipping take?', 'Do you have a blue mug?'])
    expect(await bodies('/api/widget/session')).toHaveLength(1)
  })
})

describe('another visitor on the same machine', () => {
  it('finds no words, name or key of the visitor before', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await ask(at, "identify({ name: 'Ana', email: 'ana@example.com' })")
    await say(at, 'When are you open?', /Monday/)
    await expect.poll(async () => JSON.stringify(await received())).toContain('ana@example.com')
    // On another page, in a new session after Caty forgot the old one, the widget sends the visitor's details again.
    await resetSandbox()
    await at.page.reload()
    await say(at, 'Do you have a blue mug?', /mug/i)
    await expect.poll(async () => JSON.stringify(await received())).toContain('ana@example.com')
    await at.composer.fill('half a sentence')
    await ask(at, 'clearSession()')
    await expect.poll(() => at.composer.inputValue()).toBe('')
    expect(await at.log.getByText('When are you open?').count()).toBe(0)
    await resetSandbox()
    await say(at, 'How long does shipping take?', /working days/)
    const after = await received()
    expect(JSON.stringify(after)).not.toContain('ana@example.com')
    expect(await bodies('/api/widget/session')).toHaveLength(1)
    await at.page.reload()
    await at.log.getByText('How long does shipping take?', { exact: true }).first().waitFor()
    expect(await at.log.getByText('When are you open?', { exact: true }).count()).toBe(0)
  })
})

describe('chunks', () => {
  const chunks = (at: Visit) =>
    at.calls
      .flatMap((call) => /\/chunks\/\w+\/(.+)\.js$/.exec(call)?.[1] ?? [])
      .filter((name) => !/guide|more|bubble|rules|observe/.test(name))

  it('of panel and language load before the click, all others when needed', async () => {
    const at = await visit(browser, shop, edge)
    await at.launcher.waitFor()
    await ready(at)
    await at.launcher.hover()
    await expect.poll(() => chunks(at)).toEqual(expect.arrayContaining(['en', 'panel']))
    await at.launcher.click()
    await at.composer.waitFor()
    await say(at, 'Thanks!', /You are welcome/)
    // Exactly the chunks that .size-limit.mjs counts as a first chat.
    const loaded = at.calls.flatMap((call) => /\/chunks\/\w+\/(.+)\.js$/.exec(call)?.[1] ?? [])
    expect(['en', 'panel', 'reply', 'text']).toEqual(expect.arrayContaining(loaded))
    expect(loaded).toContain('reply')
    await at.log.hover()
    await expect.poll(() => chunks(at)).toContain('details')
    await at.log.getByRole('button', { name: 'Copy' }).first().waitFor()
    await openChat(await enter(at.context, shop, edge))
    await expect.poll(() => chunks(at)).toContain('tabs')
  })

  it('of a phone make the chat fill the screen; the back button closes it and stays on the page', async () => {
    const at = await visit(browser, shop, edge, {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
    })
    await at.launcher.tap()
    await at.composer.waitFor()
    await expect.poll(() => chunks(at)).toContain('fullscreen')
    await expect.poll(() => at.dialog.getAttribute('aria-modal')).toBe('true')
    await at.page.goBack()
    await at.dialog.waitFor({ state: 'hidden' })
    expect(at.page.url()).toBe(`${shop}/`)
  })
})
