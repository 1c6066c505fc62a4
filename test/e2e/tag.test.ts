/** What owners write into the tag, and what their page can do with `window.CatyWidget`. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage, hostUrl } from '../support/host-page.ts'
import { ask, enter, holdReplies, ready, type Visit } from '../support/page.ts'
import { planFaults, resetSandbox } from '../support/sandbox.ts'

const { edge, host, stranger } = inject('stack')

beforeEach(resetSandbox)

const page = (attributes: string, body = '<h1>Host</h1>') =>
  hostPage(
    browser,
    host,
    edge,
    `<!doctype html><title>Host</title><body>${body}<script async src="${edge}/widget.js" ${attributes}></script></body>`,
  )

const box = async (at: Visit) => (await at.launcher.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }

describe('the tag', () => {
  it('with an old data-api-key warns once and never sends it', async () => {
    const at = await page('data-api-key="caty_0123456789abcdef"')
    await at.launcher.waitFor()
    await ready(at)
    expect(at.lines.filter((line) => line.includes('data-api-key'))).toHaveLength(1)
    expect(at.lines.join()).not.toContain('0123456789abcdef')
    expect(at.calls.filter((call) => !call.includes('/chunks/'))).toEqual(['GET /widget.js', 'POST /token'])
  })

  it.each([
    ['bottom-left', true, false],
    ['top-right', false, true],
  ])('places the launcher at %s', async (position, left, top) => {
    const at = await page(`data-position="${position}" data-offset-x="8" data-offset-y="12"`)
    await at.launcher.waitFor()
    const { x, y } = await box(at)
    expect([x < 100, y < 100]).toEqual([left, top])
  })

  it.each([
    ['#ffe08a', [255, 224, 138], [0, 0, 0]],
    ['#4f46e5', [79, 70, 229], [255, 255, 255]],
  ])('colours the launcher %s at once and permanently, with a readable glyph', async (wanted, back, glyph) => {
    const at = await page(`data-primary-color="${wanted}"`)
    await at.launcher.waitFor()
    /** Reads the painted pixels: a computed colour may be written in any colour space. */
    const painted = () =>
      at.launcher.evaluate((button) => {
        const { backgroundColor, color } = getComputedStyle(button)
        const pen = new OffscreenCanvas(1, 1).getContext('2d')
        return [backgroundColor, color].map((colour) => {
          if (!pen) return []
          pen.fillStyle = colour
          pen.fillRect(0, 0, 1, 1)
          return [...pen.getImageData(0, 0, 1, 1).data.slice(0, 3)]
        })
      })
    expect(await painted()).toEqual([back, glyph])
    await ask(at, 'ready.then(() => 1)')
    expect(await painted()).toEqual([back, glyph])
  })

  it('greets with the words of the tag, which override the dashboard', async () => {
    const at = await page('data-greeting="Ahoy!" data-theme="dark"')
    await at.launcher.click()
    await at.log.getByText('Ahoy!').waitFor()
  })

  it('can put the chat inside the page', async () => {
    const at = await page('data-layout="inline" data-target="#here"', '<div id="here"></div>')
    await at.composer.waitFor()
    expect(await at.page.evaluate(() => document.querySelector('#here > caty-widget') !== null)).toBe(true)
    expect(await at.launcher.count()).toBe(0)
  })

  it.each([
    ['over a bar of the page', 1000, 700, 'data-offset-x="80" data-offset-y="120"'],
    ['far from the edge', 600, 720, 'data-offset-x="300" data-offset-y="300"'],
    ['at the top', 1000, 500, 'data-position="top-left" data-offset-y="60"'],
    ['at 200 %', 640, 360, ''],
  ])('shows the whole window beside the launcher, %s', async (_, width, height, attributes) => {
    const at = await page(attributes)
    await at.page.setViewportSize({ width, height })
    await at.launcher.click()
    await at.composer.waitFor()
    // The window opens with an animation.
    await at.dialog.evaluate((dialog) => Promise.all(dialog.getAnimations().map(({ finished }) => finished)))
    const edges = (part: Visit['dialog']) =>
      part.evaluate((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect()
        return { left, top, right, bottom }
      })
    const [chat, launcher] = [await edges(at.dialog), await edges(at.launcher)]
    expect(Math.min(chat.left, chat.top, width - chat.right, height - chat.bottom)).toBeGreaterThanOrEqual(0)
    expect(chat.bottom <= launcher.top || chat.top >= launcher.bottom).toBe(true)
    expect(chat.left === launcher.left || chat.right === launcher.right).toBe(true)
  })

  it('leaves enough room to read at 400 % zoom on a small screen', async () => {
    const at = await page('')
    await at.page.setViewportSize({ width: 320, height: 180 })
    await at.launcher.click()
    await at.log.waitFor()
    expect((await at.log.boundingBox())?.height).toBeGreaterThan(60)
  })

  it('can open beside the page, which gets one class and one custom property while it is open', async () => {
    const at = await page('data-layout="sidebar"')
    await at.launcher.waitFor()
    const marks = () =>
      at.page.evaluate(() => [...document.documentElement.attributes].map((each) => [each.name, each.value]))
    const before = await marks()
    const open = [
      ['class', 'caty-sidebar'],
      ['style', '--caty-sidebar: 380px;'],
    ]
    await at.launcher.click()
    await expect.poll(marks).toEqual([...before, ...open])
    await expect
      .poll(() =>
        at.dialog.evaluate((dialog) => {
          const { right, top, height } = dialog.getBoundingClientRect()
          return [innerWidth - right, top, innerHeight - height]
        }),
      )
      .toEqual([0, 0, 0])
    await at.page.keyboard.press('Escape')
    await expect.poll(marks).toEqual(before)
    await at.page.evaluate('CatyWidget.open()')
    await expect.poll(marks).toEqual([...before, ...open])
    await at.page.evaluate("CatyWidget.configure({ layout: 'window' })")
    await expect.poll(marks).toEqual(before)
    await at.page.evaluate("CatyWidget.configure({ layout: 'sidebar', position: 'bottom-left' })")
    await expect.poll(marks).toEqual([...before, ...open])
    await expect.poll(async () => (await at.dialog.boundingBox())?.x).toBe(0)
    await at.page.evaluate('CatyWidget.destroy()')
    await expect.poll(marks).toEqual(before)
  })

  it.each(['idle', 'manual'])('reopens a chat that was left open, also with data-load="%s"', async (load) => {
    const at = await page(`data-load="${load}"`)
    await at.page.evaluate('CatyWidget.open()')
    await at.composer.waitFor()
    // The first read of storage waits for another process, so it must not happen while a page loads.
    await at.page.addInitScript(() => {
      const storage = window.sessionStorage
      Object.defineProperty(window, 'sessionStorage', {
        get: () => {
          Reflect.set(window, 'readWhen', Reflect.get(window, 'readWhen') ?? document.readyState)
          return storage
        },
      })
    })
    await at.page.reload()
    await at.composer.waitFor()
    expect(await at.page.evaluate('readWhen')).toBe('complete')
    expect(at.errors).toEqual([])
  })

  it('twice on a page makes one widget', async () => {
    const at = await page('', `<script async src="${edge}/widget.js"></script>`)
    await at.launcher.waitFor()
    await ready(at)
    expect(await at.page.locator('caty-widget').count()).toBe(1)
    expect(at.calls.filter((call) => call === 'POST /token')).toHaveLength(1)
  })

  it('on an origin that is not allowed shows a launcher and logs one line with the reason', async () => {
    const html = `<!doctype html><body><script async src="${edge}/widget.js"></script>`
    const at = await enter(await browser.newContext(), hostUrl(stranger, html), edge)
    await at.launcher.waitFor()
    await expect.poll(() => ask(at, 'getUnavailableReason()')).toBe('origin_not_allowed')
    await expect
      .poll(() => at.lines.filter((line) => line.startsWith('[caty]')))
      .toEqual(['[caty] unavailable: origin_not_allowed'])
  })
})

describe('window.CatyWidget', () => {
  it('reports an opening once, however often and quickly it was requested', async () => {
    const at = await page('data-layout="sidebar"')
    await at.launcher.waitFor()
    await at.page.evaluate(
      `heard = []; for (const name of ['open', 'close']) CatyWidget.on(name, () => heard.push(name));
       CatyWidget.open(); CatyWidget.open()`,
    )
    await ask(at, 'open()')
    await at.page.locator('html.caty-sidebar').waitFor()
    await ask(at, 'close()')
    await at.page.locator('html:not(.caty-sidebar)').waitFor()
    expect(await at.page.evaluate('heard')).toEqual(['open', 'close'])
    // A chat that opened twice would be closed only once, and half of it would still listen to the window.
    await at.page.setViewportSize({ width: 900, height: 700 })
    await at.page.evaluate(() => new Promise(requestAnimationFrame))
    expect(await at.page.locator('html.caty-sidebar').count()).toBe(0)
  })

  it('opens, closes, sends, reports events and ends', async () => {
    const at = await page('')
    await at.launcher.waitFor()
    expect(await at.page.evaluate('window.Caty === window.CatyWidget')).toBe(true)
    await at.page.evaluate(`window.seen = []; for (const name of ['open', 'close', 'message', 'session', 'unread']) CatyWidget.on(name, (detail) => seen.push(name + (detail?.role ? ' ' + detail.role : '')));
      CatyWidget.on('open', () => { throw new Error('a listener of the page') }); CatyWidget.on('open', () => seen.push('second'))`)
    // The chunk that counts unread messages loads while Caty answers.
    const [release, counting] = [await holdReplies(at), at.page.waitForResponse(/\/reply\.js$/)]
    const reply = ask(at, "sendMessage('When are you open?')")
    await (await counting).finished()
    release()
    expect(await reply).toMatchObject({ success: true, response: { content: expect.stringContaining('Monday') } })
    await expect.poll(() => ask(at, 'getState()')).toMatchObject({ open: false, unread: 1, ready: true, visible: true })
    await ask(at, 'open()')
    await at.composer.waitFor()
    await expect.poll(() => ask(at, 'getState()')).toMatchObject({ open: true, unread: 0 })
    await ask(at, 'toggle()')
    await at.dialog.waitFor({ state: 'hidden' })
    const seen = await at.page.evaluate('window.seen')
    expect(seen).toEqual([
      'message user',
      'session',
      'message assistant',
      'unread',
      'unread',
      'open',
      'second',
      'close',
    ])
    expect(await ask(at, 'getUnavailableReason()')).toBeNull()
    await ask(at, 'destroy()')
    expect(await at.page.locator('caty-widget').count()).toBe(0)
  })

  it('runs the calls that were made before it loaded', async () => {
    const at = await page('', "<script>window.CatyWidget = { q: [['open']] }</script>")
    await at.composer.waitFor()
  })

  it('rejects with an error that has a code, and throws no uncaught error into the page', async () => {
    const at = await page('')
    // Wait for the configuration: a failure to load it would be remembered for a while.
    await ready(at)
    await planFaults({ path: '/api/widget/*', status: 500, times: 50 })
    const code = await at.page.evaluate(
      "CatyWidget.sendMessage('Hello').catch((error) => error.name + ' ' + error.code)",
    )
    expect(code).toBe('CatyError upstream_error')
  })
})
