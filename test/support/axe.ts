/** Runs axe in a page once its animations have ended: during a fade, colours differ from their final values. */
import AxeSource from 'axe-core'
import type { Page } from 'playwright-core'

/** Checks WCAG 2.2 A and AA and axe's best practices, within the widget or another part of the page. */
export async function violations(page: Page, within = 'caty-widget'): Promise<unknown> {
  await page.evaluate(AxeSource.source)
  await page.evaluate(async () => {
    const moving = document.querySelector('caty-widget')?.shadowRoot?.getAnimations() ?? []
    await Promise.allSettled(
      moving.filter((each) => each.effect?.getComputedTiming().iterations !== Infinity).map((each) => each.finished),
    )
  })
  return page.evaluate(async (part) => {
    const results = await Reflect.get(window, 'axe').run(part, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return results.violations.map((each: { id: string; nodes: { html: string; failureSummary: string }[] }) => [
      each.id,
      each.nodes.map((node) => [node.html, node.failureSummary]),
    ])
  }, within)
}
