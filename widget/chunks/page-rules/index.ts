/**
 * The rules chunk: decides what may be learned from the page, and loads what does it. It comes where the owner's
 * configuration wants any of it, and asks `privacy.ts` before anything is watched, told or kept.
 */

import type { ContextModule, Core, PageHandle } from '../../chunk-api/core.ts'
import { createStore } from '../../client/storage.ts'
import type { Observation, ObserveModule } from '../observe/index.ts'
import { scheduleGreeting } from './greeting.ts'
import { mayObserve, mayRemember } from './privacy.ts'

/** Where a chunk is blocked the chat goes on without it, and the page is not troubled with an unhandled rejection. */
const ignore = (): void => undefined

/** May be called again; there is one page, which then looks anew at what it may do. */
export function start(core: Core): PageHandle {
  if (core.page) {
    core.page.update()
    return core.page
  }
  const { edge, widgetId } = core.options()
  const may = () => mayRemember(core)
  const prefix = `caty ${edge} ${widgetId} `
  const local = createStore(() => localStorage, prefix, may)
  const session = createStore(() => sessionStorage, prefix, may)
  const basic = core.context
  let observation: Observation | undefined
  let observing: Promise<void> | undefined
  let full: ContextModule['fullContext'] | undefined
  const endGreeting = scheduleGreeting(core, session, Boolean(local.get('chat')))

  core.context = () => {
    const short = basic()
    if (core.options().context === 'off') return short
    const { timeOnPage, scrollDepth } = observation?.metrics() ?? {}
    const long = core.options().context === 'full' && full ? full(short) : short
    return observation ? { ...long, engagement_score: observation.score(), timeOnPage, scrollDepth } : long
  }

  const page: PageHandle = {
    update() {
      if (!mayObserve(core)) {
        observation?.end()
        observation = observing = undefined
      } else
        observing ??= core.load<ObserveModule>('observe').then((module) => {
          // Consent may have been withdrawn, or the widget ended, while the chunk was on its way.
          if (mayObserve(core) && core.page === page) observation ??= module.observe(core, local, session)
        }, ignore)
      if (core.options().context === 'full')
        core.load<ContextModule>('page-context').then((module) => {
          full = module.fullContext
        }, ignore)
      if (may()) core.link().then((link) => link.keep(), ignore)
    },
    forget() {
      forgetStored()
      // What was signed for the one before must not carry what the next one does.
      observation?.end()
      observation = observing = undefined
      page.update()
    },
    async trackEvent(type, data) {
      await observing
      observation?.track(type, data)
    },
    getMetrics: () => observation?.metrics() ?? null,
    destroy() {
      observation?.end()
      observation = undefined
      endGreeting()
      core.off('destroy', page.destroy)
      core.off('consent', consented)
      core.context = basic
      core.page = undefined
    },
  }
  const forgetStored = () => {
    for (const name of ['visits', 'visit', 'proactive', 'greeted', 'viewed']) {
      local.set(name, undefined)
      session.set(name, undefined)
    }
  }
  const consented = () => {
    page.update()
    if (!may()) forgetStored()
  }
  core.on('consent', consented)
  core.on('destroy', page.destroy)
  core.page = page
  page.update()
  return page
}
