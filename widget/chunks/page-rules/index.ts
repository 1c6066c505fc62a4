/**
 * The page-rules chunk: decides what may be observed on the page, and loads what observes it. It loads where the owner's
 * configuration wants any of it, and asks privacy.ts before anything is observed, sent or stored.
 */

import type { Chunks } from '../../chunk-api/chunks.ts'
import type { Core } from '../../chunk-api/core.ts'
import { isEditing } from '../../chunk-api/focus.ts'
import type { PageRules } from '../../chunk-api/page.ts'
import { createStore } from '../../client/storage.ts'
import type { Observation } from '../observe/index.ts'
import { scheduleGreeting } from './greeting.ts'
import { mayObserve, mayRemember } from './privacy.ts'

/** Without a chunk that is blocked the chat goes on, and the page is not troubled with an unhandled rejection. */
const ignore = (): void => undefined

/** Names of everything that the page-rules and observe chunks store. */
const STORED = ['visits', 'visit', 'proactive', 'greeted', 'viewed']

/** Starts the rules of the page. If they run already, applies consent and configuration as they are now. */
export function start(core: Core): PageRules {
  if (core.pageRules) {
    core.pageRules.update()
    return core.pageRules
  }
  const { edge, widgetId } = core.options()
  const mayStore = () => mayRemember(core)
  const prefix = `caty ${edge} ${widgetId} `
  const localStore = createStore(() => localStorage, prefix, mayStore)
  const tabStore = createStore(() => sessionStorage, prefix, mayStore)
  const basicContext = core.context
  let observation: Observation | undefined
  let loadingObserve: Promise<void> | undefined
  let fullContext: Chunks['page-context']['fullContext'] | undefined
  const cancelGreeting = scheduleGreeting(core, tabStore, Boolean(localStore.get('chat')))

  core.context = () => {
    const basic = basicContext()
    const { context } = core.options()
    if (context === 'off') return basic
    const { timeOnPage, scrollDepth } = observation?.metrics() ?? {}
    const described = context === 'full' && fullContext ? fullContext(basic) : basic
    return observation ? { ...described, engagement_score: observation.score(), timeOnPage, scrollDepth } : described
  }

  const endObservation = () => {
    observation?.end()
    observation = loadingObserve = undefined
  }
  const forgetStored = () => {
    for (const name of STORED) {
      localStore.set(name, undefined)
      tabStore.set(name, undefined)
    }
  }
  const rules: PageRules = {
    update() {
      if (!mayObserve(core)) endObservation()
      else
        loadingObserve ??= core.load('observe').then((module) => {
          // Consent may have been withdrawn, or the widget destroyed, while the chunk was loading.
          if (mayObserve(core) && core.pageRules === rules)
            observation ??= module.observe(core, localStore, tabStore, isEditing)
        }, ignore)
      if (core.options().context === 'full')
        core.load('page-context').then((module) => {
          fullContext = module.fullContext
        }, ignore)
      if (mayStore()) core.connection().then((connection) => connection.allowStorage(), ignore)
    },
    forgetVisitor() {
      forgetStored()
      // Headers that were signed for one visitor must not carry what the next one does.
      endObservation()
      rules.update()
    },
    async trackEvent(type, data) {
      await loadingObserve
      observation?.track(type, data)
    },
    getMetrics: () => observation?.metrics() ?? null,
    destroy() {
      endObservation()
      cancelGreeting()
      core.off('destroy', rules.destroy)
      core.off('consent', onConsent)
      core.context = basicContext
      core.pageRules = undefined
    },
  }
  const onConsent = () => {
    rules.update()
    if (!mayStore()) forgetStored()
  }
  core.on('consent', onConsent)
  core.on('destroy', rules.destroy)
  core.pageRules = rules
  rules.update()
  return rules
}
