/** What the stories of forms, products, files and people share. */
import AxeSource from 'axe-core'
import { inject } from 'vitest'
import type { Visit } from './page.ts'

const { sandbox } = inject('stack')

export const control = (name: string, body: object) =>
  fetch(`${sandbox}/__sandbox/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
type Call = { method: string; path: string; body: string }
export const received = async (path: string): Promise<Call[]> => {
  const { requests }: { requests: Call[] } = await (await fetch(`${sandbox}/__sandbox/requests`)).json()
  return requests.filter((call) => call.path.startsWith(path))
}
export const bodies = async (path: string): Promise<Record<string, unknown>[]> =>
  (await received(path)).filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

export async function open(at: Visit): Promise<Visit> {
  await at.launcher.click()
  await at.composer.waitFor()
  return at
}
/** Writes down what the page hears from the widget. */
export const listen = (at: Visit, ...events: string[]) =>
  at.page.evaluate((names) => {
    const heard: unknown[] = []
    Reflect.set(window, 'heard', heard)
    const widget = Reflect.get(window, 'CatyWidget')
    for (const name of names) widget.on(name, (detail: unknown) => heard.push([name, detail]))
  }, events)
export const heard = (at: Visit): Promise<[string, Record<string, unknown>][]> => at.page.evaluate('window.heard')

/** Everything axe knows about WCAG 2.2 A and AA within the widget, once nothing moves any more. */
export async function violations(at: Visit): Promise<unknown> {
  await at.page.evaluate(AxeSource.source)
  return at.page.evaluate(async () => {
    const moving = document.querySelector('caty-widget')?.shadowRoot?.getAnimations() ?? []
    await Promise.allSettled(
      moving.filter((each) => each.effect?.getComputedTiming().iterations !== Infinity).map((each) => each.finished),
    )
    const results = await Reflect.get(window, 'axe').run('caty-widget', {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return results.violations.map((each: { id: string; nodes: { html: string }[] }) => [
      each.id,
      each.nodes.map(({ html }) => html),
    ])
  })
}
export const chunks = (at: Visit) =>
  at.calls.filter((call) => call.includes('/chunks/')).map((call) => /chunks\/\w+\/(.+)\.js$/.exec(call)?.[1])
