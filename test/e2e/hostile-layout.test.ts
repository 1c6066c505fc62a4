/** Where the widget is on the page: no layout of the page moves or clips it, it moves nothing of the page, nothing is printed. */
import { describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { openChat, type Visit } from '../support/page.ts'

const { edge, host } = inject('stack')

const page = (style: string, body: string, more = '') =>
  `<!doctype html><html lang="en"><title>Host</title><style>body { margin: 0 } ${style}</style><style id="dress"></style><body>${body}<script async src="${edge}/widget.js" ${more}></script></body></html>`

const dress = (at: Visit, style: string) =>
  at.page.evaluate((text) => {
    const sheet = document.querySelector('#dress')
    if (sheet) sheet.textContent = text
  }, style)

/** Distances of the launcher from the right and from the lower end of the window. */
const corner = (at: Visit) =>
  at.launcher.evaluate((button) => {
    const { right, bottom } = button.getBoundingClientRect()
    const { clientWidth, clientHeight } = document.documentElement
    return [clientWidth - right, clientHeight - bottom].map(Math.round)
  })

describe('the launcher is in the corner of the window', () => {
  const long = '<main style="height:3000px">Goods</main>'

  it('whatever the page does to its body', async () => {
    const at = await hostPage(browser, host, edge, page('', long))
    await at.launcher.waitFor()
    for (const style of [
      'transform: translateZ(0)',
      'rotate: 180deg',
      'filter: grayscale(0)',
      'will-change: transform',
      'contain: strict',
      'perspective: 1px',
      'backdrop-filter: blur(0)',
      'container-type: size',
      'overflow: hidden; clip-path: inset(0 0 50%); opacity: 0; zoom: 2',
      'display: none',
    ]) {
      await dress(at, `body { ${style} }`)
      expect([style, await corner(at)]).toEqual([style, [20, 20]])
    }
    for (const style of ['filter: grayscale(0)', 'display: grid; place-items: center', 'display: flex']) {
      await dress(at, `html { ${style} }`)
      expect([style, await corner(at)]).toEqual([style, [20, 20]])
    }
    await openChat(at)
    expect(at.errors).toEqual([])
  })

  it.each(['transform: translateZ(0)', 'scale: 1', 'will-change: transform', 'contain: paint'])(
    'with html { %s }, where nothing is fixed',
    async (style) => {
      const at = await hostPage(browser, host, edge, page(`html { ${style} }`, long))
      await at.launcher.waitFor()
      await expect.poll(() => corner(at)).toEqual([20, 20])
      await openChat(at)
      await at.launcher.click()
      await at.dialog.waitFor({ state: 'hidden' })
      expect(at.errors).toEqual([])
    },
  )
})

it('the widget moves nothing of the page', async () => {
  const parts = '<header>Shop</header><main>Goods</main><footer>Imprint</footer>'
  const at = await hostPage(browser, host, edge, page('', parts))
  await openChat(at)
  const places = () =>
    at.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('header,main,footer')].map((part) => {
        const { x, y, width, height } = part.getBoundingClientRect()
        return [x, y, width, height]
      }),
    )
  const styles = [
    'body { min-height: 100vh; display: flex; flex-direction: column; justify-content: space-between }',
    'body { min-height: 100vh; display: grid; gap: 24px; grid-template-rows: auto 1fr auto }',
    'body { display: flex; justify-content: space-between; gap: 10px }',
    'body { columns: 2 } body > :last-of-type { margin-top: 50px }',
    'html { display: grid; gap: 24px; min-height: 100vh; align-content: space-between }',
    'html { display: flex; justify-content: space-between; gap: 10px }',
    'html { display: flex; flex-direction: column } html > * { flex: 1; outline: 1px solid }',
  ]
  const measure = async () => {
    const measured = []
    for (const style of styles) {
      await dress(at, style)
      measured.push([style, await places()])
    }
    return measured
  }
  const shown = await measure()
  await at.page.evaluate('CatyWidget.destroy()')
  expect(await at.page.locator('caty-widget').count()).toBe(0)
  expect(shown).toEqual(await measure())
})

it.each(['window', 'sidebar', 'inline'])('nothing is printed with data-layout="%s"', async (layout) => {
  const at = await hostPage(browser, host, edge, page('', '', `data-layout="${layout}"`))
  if (layout !== 'inline') await openChat(at)
  await at.composer.waitFor()
  await at.page.emulateMedia({ media: 'print' })
  expect(await at.composer.isVisible()).toBe(false)
  expect(await at.launcher.isVisible()).toBe(false)
})
