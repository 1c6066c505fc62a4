/**
 * Markup and script in every kind of content from outside, in a real Chromium without a page policy that could help:
 * nothing runs, no dangerous address appears, and nothing is fetched from a payload's address.
 */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, openChat, say, type Visit } from '../support/page.ts'
import { configureSandbox, planFaults, resetSandbox } from '../support/sandbox.ts'
import { PAYLOADS, STYLE_PAYLOADS } from '../vectors/markup-payloads.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

/** Elements that the widget uses; any other element was made by a payload. */
const KNOWN =
  /^(a|article|b|blockquote|br|button|code|div|em|fieldset|figure|footer|form|h[1-6]|header|hr|i|img|input|label|legend|li|ol|option|output|p|path|pre|progress|section|select|small|span|strong|svg|table|tbody|td|textarea|tfoot|th|thead|time|tr|ul|del|s)$/

const watch = `<script>
  window.ran = []
  for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => ran.push(name)
  addEventListener('error', (event) => ran.push(String(event.message)))
</script>`

/** Opens a page whose token answer carries this configuration, bypassing the edge, which would reject most of it. */
async function open(config: object): Promise<Visit & { foreign: string[] }> {
  const context = await browser.newContext()
  await context.route(`${edge}/token`, async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    await route.fulfill({ response: answer, json: body.config ? { ...body, config } : body })
  })
  const foreign: string[] = []
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== edge && origin !== host && protocol !== 'blob:') foreign.push(request.url())
  })
  const html = `<!doctype html><title>Host</title>${watch}<body><script async src="${edge}/widget.js"></script>`
  const at = await openChat(await enter(context, hostUrl(host, html), edge))
  return { ...at, foreign }
}

/** One reply of Caty, through the edge. */
async function reply(at: Visit, answer: object): Promise<void> {
  await planFaults({ path: '/api/widget/chat/message', body: { success: true, ...answer } })
  await say(at, 'Hello', /the end/)
}

/** Milliseconds for a test that opens many pages. */
async function leave(at: Visit): Promise<void> {
  await at.context.unrouteAll({ behavior: 'ignoreErrors' })
}

async function expectHarmless(at: Visit & { foreign: string[] }): Promise<void> {
  const found = await at.page.evaluate((known) => {
    const all = [...(document.querySelector('caty-widget')?.shadowRoot?.querySelectorAll('*') ?? [])]
    return {
      strange: all.map((each) => each.localName).filter((name) => !new RegExp(known).test(name)),
      handlers: all.flatMap((each) =>
        each.getAttributeNames().filter((name) => /^on|^srcdoc$|^formaction$/.test(name)),
      ),
      addresses: all
        .flatMap((each) => ['href', 'src', 'action', 'srcset', 'poster'].map((name) => each.getAttribute(name)))
        .filter((value) => value !== null)
        .filter((value) => !/^(https?:|mailto:|tel:|#|\/(?!\/))/.test(value)),
      ran: Reflect.get(window, 'ran'),
      title: document.title,
      children: document.body.querySelectorAll('*:not(script):not(caty-widget)').length,
    }
  }, KNOWN.source)
  expect(found).toEqual({ strange: [], handlers: [], addresses: [], ran: [], title: 'Host', children: 0 })
  // A product image may be requested where the owner's data points; a host of a payload never.
  expect(at.foreign.filter((url) => url.includes('evil.example'))).toEqual([])
  expect(at.errors.filter((line) => !/Failed to load resource/.test(line))).toEqual([])
}

/** Clicks everything that does not leave the page, so that payloads behind a click show themselves. */
async function clickAll(at: Visit): Promise<void> {
  await at.page.evaluate(() => {
    document.addEventListener(
      'click',
      (event) => event.composedPath()[0] instanceof HTMLAnchorElement && event.preventDefault(),
      true,
    )
    const root = document.querySelector('caty-widget')?.shadowRoot
    for (const link of root?.querySelectorAll('[role="log"] a') ?? [])
      link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))
  })
}

it('has a corpus of at least 200 payloads', () => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(200)
})

const chunksOf = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, at * size + size))

describe('nothing runs or loads from a payload', () => {
  it('in replies, each in its own paragraph', async () => {
    const at = await open({})
    for (const payloads of chunksOf(PAYLOADS, 70)) {
      await reply(at, { content: `${payloads.join('\n\n')}\n\nthe end` })
      await clickAll(at)
      await expectHarmless(at)
    }
  })

  it('in tables, lists, quotes and code of replies', async () => {
    const at = await open({})
    for (const payloads of chunksOf(PAYLOADS, 35)) {
      const rows = payloads.map((payload) => `| ${payload.replaceAll('|', '/')} | x |`).join('\n')
      const lists = payloads.map((payload) => `- ${payload}\n1. ${payload}\n> ${payload}\n# ${payload}`).join('\n')
      await reply(at, {
        content: `| a | b |\n|---|---|\n${rows}\n\n${lists}\n\n\`\`\`${payloads[0]}\n${payloads.join('\n')}\n\`\`\`\n\nthe end`,
      })
      // A separate chunk draws tables.
      await at.log.locator('table').first().waitFor()
      await clickAll(at)
      await expectHarmless(at)
    }
  })

  it('in the label, value, address, payload and kind of suggested actions', async () => {
    const at = await open({})
    for (const payloads of chunksOf(PAYLOADS, 35)) {
      const suggested_actions = payloads.flatMap((payload) => [
        { label: payload, action: 'message', value: payload },
        { label: 'link', action: 'link', url: payload },
        { label: payload, action: 'navigate', payload: { url: payload, page: payload } },
        { label: 'call', action: 'call', payload: { phone: payload } },
        { label: 'contact', action: 'contact_form', payload: { url: payload } },
        { label: 'kind', action: payload },
      ])
      await reply(at, { content: 'the end', suggested_actions })
      await at.log.getByRole('button', { name: 'kind', exact: true }).first().waitFor()
      await expectHarmless(at)
    }
  })

  it('in every member of a product', async () => {
    const at = await open({})
    let drawn = 0
    for (const payloads of chunksOf(PAYLOADS, 35)) {
      const products = payloads.map((payload) => ({
        sku: payload,
        name: payload,
        description: payload,
        price: payload,
        image_url: payload,
        product_url: payload,
        category: payload,
        offer_type: payload,
        marketing_label: payload,
        badge_promo: payload,
        currency: payload,
      }))
      const items = payloads.map((payload) => ({
        id: payload,
        name: payload,
        price: payload,
        image: payload,
        url: payload,
        description: payload,
      }))
      await reply(at, {
        content: 'the end',
        products,
        suggested_actions: [{ label: 'c', action: 'product_carousel', payload: { items } }],
      })
      await at.log.getByRole('list', { name: 'Products' }).nth(drawn++).waitFor()
      await expectHarmless(at)
    }
  })

  it("in the visitor's own messages", async () => {
    const at = await open({})
    await configureSandbox({ limits: { perMinute: 1000, messagesPerMinute: 1000, adminPerMinute: 60 } })
    const said = PAYLOADS.filter((_, n) => n % 15 === 0)
    for (const payload of said) {
      await at.composer.fill(payload)
      await at.composer.press('Enter')
    }
    await expect.poll(() => at.log.locator('[part~="assistant"]').count()).toBe(said.length)
    await expectHarmless(at)
  })

  it('in the persona, greeting, business and buttons of the configuration', async () => {
    for (const payload of PAYLOADS.filter((_, n) => n % 25 === 0)) {
      const at = await open({
        business: { name: payload, phone: payload, contact_url: payload },
        persona: { name: payload, role: payload, avatar_url: payload, language: payload },
        appearance: { launcher: { icon_url: payload, size: payload }, position: payload, theme: payload },
        behavior: { greeting: { message: payload } },
        auto_config: { buttons: [{ active: true, display_context: ['welcome'], label: payload, action: payload }] },
        capabilities: { handoff_human: true, file_upload: true },
      })
      // The panel draws everything of the configuration together with these.
      await at.dialog.locator('[part="handoff-button"]').waitFor()
      await at.dialog.locator('[part="attach"]').waitFor()
      await expectHarmless(at)
      await leave(at)
    }
  })

  it('in colours and sizes', async () => {
    for (const payload of STYLE_PAYLOADS.filter((_, n) => n % 2 === 0)) {
      const colors = Object.fromEntries(
        ['primary', 'background', 'text', 'user_text', 'assistant_text', 'input_text'].map((name) => [name, payload]),
      )
      const at = await open({ appearance: { colors, primary_color: payload } })
      // Wait for the chunk that applies the colours.
      await ask(at, 'hideBubble()')
      await expectHarmless(at)
      await leave(at)
    }
  })
})
