/** Helpers of the tests for forms, products, files and handoff. */
import type { CatyEvents } from '../../widget/caty-widget.d.ts'
import type { Visit } from './page.ts'

/** Records the events that the page receives from the widget. */
export const listen = (at: Visit, ...events: (keyof CatyEvents)[]) =>
  at.page.evaluate((names) => {
    const heard: unknown[] = []
    Reflect.set(window, 'heard', heard)
    for (const name of names) window.CatyWidget?.on(name, (detail: unknown) => heard.push([name, detail]))
  }, events)
export const heard = (at: Visit): Promise<[string, Record<string, unknown>][]> => at.page.evaluate('window.heard')

export const chunks = (at: Visit) =>
  at.calls.filter((call) => call.includes('/chunks/')).map((call) => /chunks\/\w+\/(.+)\.js$/.exec(call)?.[1])
