/**
 * A visitor of an edge that asks for Turnstile. The sandbox, in its own process, stands in for Cloudflare's script
 * and its verification: the script keeps Cloudflare's address, and only the network routes it to the sandbox.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { Deployment } from '../support/deployment.ts'
import { freePort } from '../support/free-port.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, openChat, say, type Visit } from '../support/page.ts'
import { planFaults, received, resetSandbox } from '../support/sandbox.ts'

const { edge: plain, host, sandbox, key } = inject('stack')
const CLOUDFLARE = 'https://challenges.cloudflare.com'
let deployment: Deployment

beforeAll(async () => {
  deployment = new Deployment(await freePort(), {
    CATY_API_KEY: key,
    CATY_API_URL: sandbox,
    ALLOWED_ORIGINS: host,
    MESSAGES_PER_VISITOR_PER_MINUTE: '600',
    TURNSTILE_SITE_KEY: '0x4AAAA_site',
    TURNSTILE_SECRET: '0x4AAAA_secret_of_the_site',
    TURNSTILE_VERIFY_URL: `${sandbox}/turnstile/siteverify`,
  })
  await deployment.deploy(process.cwd())
})
afterAll(async () => {
  await deployment?.stop()
})
beforeEach(resetSandbox)

type Challenged = Visit & { asked: string[]; refuse: (script: boolean) => void }

/** The policy of docs/csp.md, with Trusted Types. */
const policy = (edge: string, more = CLOUDFLARE, types = 'caty-keyless') =>
  `default-src 'none'; script-src ${edge} ${more}; connect-src ${edge}; frame-src ${CLOUDFLARE}; require-trusted-types-for 'script'; trusted-types ${types}`

async function open(edge = deployment.url, csp = policy(edge), html = ''): Promise<Challenged> {
  const context = await browser.newContext()
  const asked: string[] = []
  let refused = false
  await context.route(`${CLOUDFLARE}/**`, async (route) => {
    asked.push(route.request().url())
    if (refused) return route.abort()
    const script = await (await fetch(`${sandbox}/turnstile/v0/api.js`)).text()
    return route.fulfill({ contentType: 'text/javascript', body: script })
  })
  const document = `<!doctype html><html lang="en"><title>Host</title><body>${html}<script async src="${edge}/widget.js"></script></body></html>`
  const at = await enter(context, hostUrl(host, document, csp), edge)
  await at.launcher.waitFor()
  return {
    ...at,
    asked,
    refuse: (script) => {
      refused = script
    },
  }
}
const verified = async (): Promise<number> => (await received('/turnstile/siteverify')).length
const human = (at: Visit) => at.page.getByRole('button', { name: 'I am human' })
const robot = (at: Visit) => at.page.getByRole('button', { name: 'I am not' })
const write = async (at: Visit, text: string) => {
  await at.composer.fill(text)
  await at.composer.press('Enter')
}
const reason = (at: Visit) => at.page.evaluate('CatyWidget.getUnavailableReason()')
/** The browser itself logs the 400 with which the edge asks for the challenge. */
const unexpected = (at: Visit) => at.errors.filter((line) => !line.includes('status of 400'))
const notSent = (at: Visit) => at.dialog.getByText('Not sent. Please confirm that you are human.')

describe('a visitor of an edge with Turnstile', () => {
  it('sees the challenge on opening the chat, can write meanwhile, and gets the answer once it is solved', async () => {
    const at = await open()
    await at.launcher.hover()
    await expect.poll(() => at.calls.filter((call) => call.endsWith('/panel.js')).length).toBe(1)
    expect([at.asked, at.calls.filter((call) => call.endsWith('/challenge.js'))]).toEqual([[], []])
    await openChat(at)
    await human(at).waitFor()
    // Inside the dialog, visible above the composer, for this site and in the visitor's language.
    const between = async () => {
      const [dialog, box, field] = [at.dialog, human(at), at.composer].map((each) => each.boundingBox())
      const { y = 0, height = 0 } = (await box) ?? {}
      return y > ((await dialog)?.y ?? 0) && y + height < ((await field)?.y ?? 0)
    }
    await expect.poll(between).toBe(true)
    const place = at.page.locator('caty-widget > [slot="challenge"]')
    expect([await place.getAttribute('data-sitekey'), await place.getAttribute('lang')]).toEqual(['0x4AAAA_site', 'en'])
    await write(at, 'When are you open?')
    await at.log.getByText('is typing').waitFor({ state: 'attached' })
    expect(at.calls.filter((call) => call.includes('/api/'))).toEqual([])
    await human(at).click()
    await at.log.getByText(/Monday/).waitFor()
    expect(at.asked).toEqual([`${CLOUDFLARE}/turnstile/v0/api.js?render=explicit`])
    await place.waitFor({ state: 'detached' })
    await at.dialog.locator('[part="challenge"]').waitFor({ state: 'detached' })
    await expect.poll(() => at.page.evaluate('turnstile.places.size')).toBe(0)
    // One challenge for each visitor: the next message and the next page do not ask again.
    await say(at, 'How long does shipping take?', /days/)
    await at.page.reload()
    await at.log.getByText('How long does shipping take?').waitFor()
    await say(at, 'And when are you open?', /Monday/)
    expect(await verified()).toBe(1)
    expect([await reason(at), unexpected(at)]).toEqual([null, []])
  })

  it('is told that the challenge failed, keeps the message and can try again', async () => {
    const at = await open()
    await openChat(at)
    await write(at, 'When are you open?')
    await robot(at).click()
    await notSent(at).waitFor()
    await at.page.locator('caty-widget > [slot="challenge"]').waitFor({ state: 'detached' })
    await expect.poll(() => reason(at)).toBe('challenge')
    await expect
      .poll(() => at.lines.filter((line) => line.startsWith('[caty]')))
      .toEqual(['[caty] unavailable: challenge'])
    await at.dialog.getByRole('button', { name: 'Retry' }).click()
    await human(at).click()
    await at.log.getByText(/Monday/).waitFor()
    expect(await at.log.getByText('When are you open?', { exact: true }).count()).toBe(1)
    await notSent(at).waitFor({ state: 'detached' })
    expect(unexpected(at)).toEqual([])
  })

  it('is told that the chat cannot be reached while a page or blocker stops the script, and can chat once it loads', async () => {
    const at = await open()
    at.refuse(true)
    await openChat(at)
    await write(at, 'When are you open?')
    await at.dialog.getByText('Not sent. The chat cannot be reached right now.').waitFor()
    await expect.poll(() => reason(at)).toBe('challenge_blocked')
    at.refuse(false)
    await at.dialog.getByRole('button', { name: 'Retry' }).click()
    await human(at).click()
    await at.log.getByText(/Monday/).waitFor()
  })

  it.each([
    ['script-src', (edge: string) => policy(edge, '')],
    ['trusted-types', (edge: string) => policy(edge, CLOUDFLARE, "'none'")],
  ])('is told the same under a policy whose %s does not allow the challenge', async (_name, csp) => {
    const at = await open(deployment.url, csp(deployment.url))
    await openChat(at)
    await write(at, 'When are you open?')
    await at.dialog.getByText('Not sent. The chat cannot be reached right now.').waitFor()
    await expect.poll(() => reason(at)).toBe('challenge_blocked')
    expect(at.asked).toEqual([])
  })

  it('is asked again if Cloudflare does not confirm the response', async () => {
    const at = await open()
    await planFaults({ path: '/turnstile/siteverify', body: { success: false } })
    await openChat(at)
    await human(at).click()
    await expect.poll(verified).toBe(1)
    await human(at).click()
    await say(at, 'When are you open?', /Monday/)
    expect(await verified()).toBe(2)
  })

  it('hides the challenge by closing the chat, and finds it again on opening it', async () => {
    const at = await open()
    await openChat(at)
    await human(at).waitFor()
    await at.dialog.getByRole('button', { name: 'Close chat' }).click()
    await human(at).waitFor({ state: 'hidden' })
    await openChat(at)
    await human(at).click()
    await say(at, 'When are you open?', /Monday/)
    expect(at.asked).toHaveLength(1)
  })

  it('sees no challenge while the chat is closed, whatever the page sends', async () => {
    const at = await open(deployment.url, undefined, '')
    const loaded = at.page.waitForResponse(/challenge\.js/)
    await at.page.evaluate("void CatyWidget.sendMessage('When are you open?')")
    await (await loaded).finished()
    await at.page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve))))
    expect(at.asked).toEqual([])
    await openChat(at)
    await human(at).click()
    await at.log.getByText(/Monday/).waitFor()
  })
})

describe('an edge without Turnstile', () => {
  it('loads no script of Turnstile and asks nobody', async () => {
    const at = await open(plain)
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    expect(at.asked).toEqual([])
    expect(at.calls.filter((call) => call.endsWith('/challenge.js'))).toEqual([])
  })
})
