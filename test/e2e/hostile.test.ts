/**
 * Host pages that mean no good, or do not know better, each in a real Chromium, with a whole chat where one makes sense.
 * Everywhere: no uncaught error, no violation, the page's own things untouched, and a widget that works or says why.
 */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage, hostUrl } from '../support/host-page.ts'
import { HOSTILE_PAGES } from '../support/hostile-pages.ts'
import { enter, say, type Visit } from '../support/page.ts'
import { resetSandbox } from '../support/sandbox.ts'

const { edge, host, stranger } = inject('stack')

// All these chats are one key's to the stand-in for Caty, which allows that 20 messages a minute.
beforeEach(resetSandbox)

const TAG = `<script async src="${edge}/widget.js" nonce="n0nce"></script>`

/** Opened with the mouse where the page lets one through, else by the API, as a page's own button would. */
async function chat(at: Visit): Promise<void> {
  await at.launcher.waitFor()
  await at.page.evaluate('CatyWidget.open()')
  await at.composer.waitFor()
  await say(at, 'When are you open?', /Monday/i)
}

/** What the owner of a page would miss: looked at before and after. */
const belongings = (at: Visit) =>
  at.page.evaluate(() => ({
    title: document.title,
    html: [document.documentElement.className, document.documentElement.getAttribute('style')],
    body: [document.body.className, document.body.getAttribute('style')],
    sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
    head: document.head.children.length,
  }))

const unexpected = (at: Visit, allowed?: RegExp) => at.errors.filter((line) => !allowed?.test(line))

describe('a whole chat', () => {
  it.each(HOSTILE_PAGES)('$name', async ({ html, csp, headers, act, allowed, broken }) => {
    const context = await browser.newContext()
    const page = html(TAG, edge)
    const at = await enter(context, hostUrl(host, page, csp?.(edge), headers), edge)
    await at.launcher.waitFor()
    const before = broken ? undefined : await belongings(at)
    await act?.(at.page)
    await chat(at)
    expect(await at.page.locator('caty-widget').count()).toBe(1)
    expect(await at.page.evaluate('CatyWidget.getUnavailableReason()')).toBeNull()
    expect(unexpected(at, allowed)).toEqual([])
    expect(at.lines.filter((line) => /Content.Security.Policy|TrustedHTML|TrustedScript/i.test(line))).toEqual([])
    if (before) expect(await belongings(at)).toEqual(before)
  })
})

describe('the widget says why', () => {
  const reasonOf = (at: Visit) => at.page.evaluate('CatyWidget.getUnavailableReason()')
  const said = (at: Visit) => at.lines.filter((line) => line.startsWith('[caty]'))

  it('when an ad blocker stops the calls', async () => {
    const context = await browser.newContext()
    await context.route(`${edge}/token`, (route) => route.abort('blockedbyclient'))
    await context.route(
      (url) => url.href === `${edge}/widget.js`,
      (route) => (route.request().resourceType() === 'script' ? route.continue() : route.abort('blockedbyclient')),
    )
    const at = await enter(context, hostUrl(host, `<!doctype html><title>T</title><body>${TAG}`), edge)
    await at.launcher.waitFor()
    await expect.poll(() => reasonOf(at)).toBe('edge_unreachable')
    await expect.poll(() => said(at)).toEqual(['[caty] unavailable: edge_unreachable'])
    expect(unexpected(at, /ERR_BLOCKED_BY_CLIENT/)).toEqual([])
  })

  it('when a chunk is blocked, and opens once it is not', async () => {
    const context = await browser.newContext()
    await context.route('**/chunks/**', (route) => route.abort('blockedbyclient'))
    const at = await enter(context, hostUrl(host, `<!doctype html><title>T</title><body>${TAG}`), edge)
    await at.launcher.click()
    await expect.poll(() => reasonOf(at)).toBe('panel_blocked')
    await expect.poll(() => said(at)).toEqual(['[caty] unavailable: panel_blocked'])
    expect(unexpected(at, /ERR_BLOCKED_BY_CLIENT|Failed to load/)).toEqual([])
    // The hover before the click fails first; a second click while the chat is still opening would close it.
    await expect.poll(() => at.page.evaluate('CatyWidget.getState().open')).toBe(false)
    await context.unroute('**/chunks/**')
    await at.launcher.click()
    await at.composer.waitFor()
  })

  it('in a sandboxed frame, whose origin is nobody', async () => {
    const inner = `<!doctype html><title>Inner</title><body><script async src="${edge}/widget.js"></script>`
    const at = await hostPage(
      browser,
      host,
      edge,
      `<!doctype html><title>Outer</title><iframe sandbox="allow-scripts" srcdoc="${inner.replaceAll('"', '&quot;')}"></iframe>`,
    )
    const frame = at.page.frames()[1]
    await frame?.locator('caty-widget button').waitFor()
    await expect.poll(() => frame?.evaluate('CatyWidget.getUnavailableReason()')).toBe('origin_not_allowed')
    expect(unexpected(at, /403|CORS|ERR_FAILED/)).toEqual([])
  })

  it('without crypto.subtle, which an edge that demands a key cannot do without', async () => {
    const at = await hostPage(
      browser,
      host,
      edge,
      `<!doctype html><title>T</title><script>Object.defineProperty(crypto, 'subtle', { value: undefined })</script><body>${TAG}`,
    )
    await at.launcher.waitFor()
    await at.page.evaluate('CatyWidget.open()')
    await at.composer.fill('Hello')
    await at.composer.press('Enter')
    await at.dialog.getByRole('button', { name: /retry|again/i }).waitFor()
    await expect.poll(() => at.log.getByText('Hello', { exact: true }).count()).toBe(1)
    await expect.poll(() => reasonOf(at)).toBe('insecure_context')
    expect(unexpected(at, /status of 400/)).toEqual([])
  })
})

describe('comes back', () => {
  it('from the back/forward cache and from a real step back, with its conversation', async () => {
    const watched = `<script>window.heard = []; const add = EventTarget.prototype.addEventListener
      EventTarget.prototype.addEventListener = function (...all) { heard.push(all[0]); return add.apply(this, all) }</script>`
    const at = await hostPage(browser, host, edge, `<!doctype html><title>T</title>${watched}<body>${TAG}`)
    await chat(at)
    // Chromium's headless shell has no such cache. What keeps a page out of it is one of these listeners, and what a page
    // that comes out of it gets is these two events.
    expect(await at.page.evaluate("heard.filter((name) => name.includes('unload'))")).toEqual([])
    await at.page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
      dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
    })
    await say(at, 'How long does shipping take?', /days/i)
    await at.page.goto(hostUrl(host, '<!doctype html><title>Other</title>'))
    await at.page.goBack()
    await at.log.getByText('How long does shipping take?').waitFor()
    await say(at, 'When are you open?', /Monday/i)
    expect(unexpected(at)).toEqual([])
  })

  it('to a page of another site as a frame, and chats there', async () => {
    const inner = hostUrl(host, `<!doctype html><title>Inner</title><body>${TAG}`)
    const at = await hostPage(
      browser,
      stranger,
      edge,
      `<!doctype html><title>Outer</title><iframe width="500" height="700" src="${inner.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`,
    )
    const frame = at.page.frameLocator('iframe')
    await frame.locator('caty-widget button').first().click()
    await frame.locator('caty-widget textarea').fill('When are you open?')
    await frame.locator('caty-widget textarea').press('Enter')
    await frame.locator('caty-widget [part~="assistant"]').filter({ hasText: 'Monday' }).waitFor()
    expect(at.errors).toEqual([])
  })
})
