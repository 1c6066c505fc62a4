/** Everything of the guide beside forms: a carousel, a product page, file uploads and handoff to a person. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, openChat, say, type Visit, visit } from '../support/page.ts'
import { bodies, configureSandbox, received, resetSandbox } from '../support/sandbox.ts'

const { edge, shop, host } = inject('stack')

beforeEach(resetSandbox)

let widgets = 0
/** A page of the test's own with a widget of this configuration. */
async function page(config: Record<string, unknown>, attributes = ''): Promise<Visit> {
  await configureSandbox({ config })
  const html = `<!doctype html><html lang="en"><title>Host</title><body><h1>Host</h1><script async src="${edge}/widget.js" data-widget-id="g${widgets++}" ${attributes}></script></body></html>`
  return openChat(await enter(await browser.newContext(), hostUrl(host, html), edge))
}

describe('a carousel', () => {
  it("leads to the product's page, where the conversation continues", async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'Show me your mugs', /show you/)
    const cards = at.log.locator('[part=product]')
    await cards.first().waitFor()
    const row = at.log.getByRole('list', { name: 'Products' })
    const scrolled = () => row.evaluate((list) => list.scrollLeft)
    expect(await scrolled()).toBe(0)
    // The focus would interrupt a running scroll, and the row would snap back.
    await row.evaluate((list) => {
      const rest = new Promise<void>((done) => list.addEventListener('scrollend', () => done(), { once: true }))
      Object.assign(window, { rest })
    })
    await at.log.getByRole('button', { name: 'Next' }).click()
    await at.page.evaluate('window.rest')
    expect(await scrolled()).toBeGreaterThan(100)
    // By keyboard: the row takes the focus and the arrow keys.
    await row.focus()
    const here = await scrolled()
    await at.page.keyboard.press('ArrowLeft')
    await expect.poll(scrolled).toBeLessThan(here)

    await at.page.evaluate(() => addEventListener('caty:productView', () => sessionStorage.setItem('seen', '1')))
    await at.log.getByRole('link', { name: 'View: Harbour mug' }).click()
    await at.page.waitForURL('**/product/mug-harbour')
    expect(await at.page.evaluate(() => sessionStorage.getItem('seen'))).toBe('1')
    await at.composer.first().waitFor()
    await at.log.getByText('Show me your mugs').waitFor()
    await cards.first().waitFor()
    await say(at, 'How long does shipping take?', /working days/)
    expect((await received('/api/widget/session')).length).toBe(1)
    expect(at.errors).toEqual([])
  })

  it('appears in every tab of the visitor', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    const other = await openChat(await enter(at.context, `${shop}/contact`, edge))
    await at.page.bringToFront()
    await say(at, 'Show me your mugs', /show you/)
    await at.log.locator('[part=product]').first().waitFor()
    await other.page.bringToFront()
    await other.log.locator('[part=product]').first().waitFor()
  })

  it('orders a product with a message', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'Show me your mugs', /show you/)
    await at.log.getByRole('button', { name: 'Buy: Harbour mug' }).click()
    await at.log.getByText('I would like to order: Harbour mug').waitFor()
    await at.log.locator('[part~="assistant"]').nth(1).waitFor()
  })
})

describe('a file upload', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

  it('refuses a wrong file type before sending, and delivers an allowed one', async () => {
    const at = await page({ capabilities: { file_upload: true } })
    const chosen = at.dialog.locator('input[type=file]')
    await chosen.setInputFiles({ name: 'tool.exe', mimeType: 'application/octet-stream', buffer: PNG })
    await at.dialog.getByText('This kind of file cannot be sent.').waitFor()
    expect(await violations(at.page)).toEqual([])
    expect(await received('/api/widget/upload')).toEqual([])
    await chosen.setInputFiles({ name: 'broken mug.png', mimeType: 'image/png', buffer: PNG })
    await at.log.getByText('Thank you, I have received broken mug.png.').waitFor()
    await expect.poll(() => at.log.getByText('📎 broken mug.png').count()).toBe(1)
    expect(await received('/api/widget/upload')).toHaveLength(1)
  })

  it('tells the visitor when the edge refuses a file with a false type', async () => {
    const at = await page({ capabilities: { file_upload: true } })
    const chosen = at.dialog.locator('input[type=file]')
    await chosen.setInputFiles({ name: 'fake.png', mimeType: 'image/png', buffer: Buffer.from('MZ program') })
    await at.dialog.getByText('This kind of file cannot be sent.').waitFor()
    expect(await received('/api/widget/upload')).toEqual([])
  })
})

describe('the request for a person', () => {
  it('asks a person to join', async () => {
    const at = await openChat(await visit(browser, shop, edge))
    await say(at, 'I want to talk to a person', /Of course/)
    await at.dialog.getByRole('button', { name: 'Talk to a person' }).first().click()
    await at.log.getByText('A person will join within a few minutes.').waitFor()
    expect(await violations(at.page)).toEqual([])
    const [asked] = await bodies('/api/widget/handoff/request')
    expect(asked).toMatchObject({ reason: 'user_request' })
  })

  it("is not offered outside of the owner's configured hours", async () => {
    const at = await page({
      availability: { timezone: 'Europe/Bucharest', hours: {} },
      offline_message: 'Our team is asleep.',
      auto_config: {
        forms: [],
        buttons: [{ active: true, display_context: ['welcome'], label: { en: 'Human, please' }, action: 'handoff' }],
      },
    })
    await at.dialog.getByRole('button', { name: 'Human, please' }).click()
    await at.log.getByText('Our team is asleep.').waitFor()
    expect(await received('/api/widget/handoff/request')).toEqual([])
    await at.dialog.getByRole('button', { name: 'Write to us' }).click()
    await at.dialog.locator('form[part=form]').getByLabel('Your question').waitFor()
  })
})
