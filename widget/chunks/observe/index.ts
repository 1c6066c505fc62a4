/** The observe chunk, while behaviour may be observed: metrics, their reports to Caty, and the rules that react to them. */
import type { ProactiveRule } from '../../../edge/contract/edge.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { EventDetails } from '../../chunk-api/events.ts'
import type { EventData, Metrics } from '../../chunk-api/page.ts'
import { isString, membersOf, numberOf } from '../../chunk-api/untrusted.ts'
import type { Store } from '../../client/storage.ts'
import { Engine, type Memory } from './engine.ts'
import { PageMetrics } from './metrics.ts'
import { isPhone, proactiveMessages } from './proactive.ts'
import { watchRoute } from './route.ts'
import { Tracker } from './tracker.ts'

export type Observation = {
  metrics: () => Metrics
  /** The engagement score that Caty computed last. */
  score: () => number | undefined
  track: (type: string, data?: EventData) => void
  end: () => void
}

const CHECK_MS = 1000

/**
 * Starts to observe. The stores hold values only if consent allows it. `isEditing` says whether the visitor is writing in a
 * field of the page.
 */
export function observe(core: Core, localStore: Store, tabStore: Store, isEditing: () => boolean): Observation {
  const config = core.config.behavior?.proactive ?? {}
  const now = Date.now
  const memory = readMemory(tabStore.get('proactive'))
  const { proactiveDelay } = membersOf(core.rawOptions.behavior)
  const engine = new Engine(config, memory, numberOf(proactiveDelay))
  /** The visitor has written on this page. */
  let hasWritten = false
  /** The chat has been opened on this page. */
  let hasOpened = core.isOpen
  let score: number | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  const ending = new AbortController()
  const { signal } = ending
  const silence = (rule: ProactiveRule) => {
    engine.silence(rule)
    tabStore.set('proactive', memory)
  }
  const messages = proactiveMessages(core, { config, signal, silence, mayShow: () => !core.isOpen && !hasWritten })

  const metrics = new PageMetrics(
    core.root.host,
    countVisit(localStore, tabStore),
    (type, data) => {
      tracker.add(type, data)
      // A visitor who is about to leave does not wait for the next check.
      if (type === 'exit_intent') check()
      if (type === 'page_hidden' || type === 'page_visible') scheduleChecks()
    },
    now,
  )
  const tracker = new Tracker(
    core,
    () => metrics.current,
    ({ proactive, engagement_score }) => {
      score = engagement_score ?? score
      const { should_trigger, message, suggested_actions = [] } = proactive ?? {}
      if (should_trigger && message) messages.show({ content: message, suggested_actions })
    },
    now,
  )

  /** Tells Caty once of a page view, and once of an opened chat. */
  const reportView = async (event_type: 'view' | 'widget_open') => {
    const viewed = membersOf(tabStore.get('viewed'))
    if (viewed[event_type]) return
    tabStore.set('viewed', { ...viewed, [event_type]: 1 })
    const { page_url } = core.context()
    const [referrer] = document.referrer.slice(0, 2000).split(/[?#]/)
    const connection = await core.connection()
    // Consent may have been withdrawn while the client chunk was loading.
    if (signal.aborted) return
    const timestamp = new Date(now()).toISOString()
    await connection.call('/api/widget/view', { event_type, page_url, referrer, timestamp })
  }

  const check = () => {
    if (config.mobile_enabled === false && isPhone()) return
    const rule = engine.next({
      facts: { ...metrics.current, chatOpened: hasOpened, pageUrl: location.href },
      isBusy: messages.isBusy() || hasWritten || core.isOpen,
      isEditing: isEditing(),
      now: now(),
    })
    if (!rule) return
    tabStore.set('proactive', memory)
    messages.request(rule)
  }
  /** Checks the rules once a second while the page is visible. */
  const scheduleChecks = () => {
    clearInterval(timer)
    timer = document.hidden || signal.aborted ? undefined : setInterval(check, CHECK_MS)
  }

  const onOpen = () => {
    hasOpened = true
    tracker.add('chat_opened')
    reportView('widget_open').catch(() => 0)
  }
  const onMessage = ({ role, content }: EventDetails['message']) => {
    if (role !== 'user') return
    hasWritten = true
    tracker.add('message_sent', { length: content.length })
  }
  core.on('open', onOpen)
  core.on('message', onMessage)
  addEventListener('pagehide', () => tracker.leave(), { signal })
  const endRoute = watchRoute(() => {
    void tracker.flush()
    metrics.reset()
    engine.newPage()
  })
  reportView('view').catch(() => 0)
  scheduleChecks()

  return {
    metrics: () => metrics.current,
    score: () => score,
    track: (type, data) => tracker.add(type, data),
    end() {
      ending.abort()
      clearInterval(timer)
      metrics.stop()
      tracker.stop()
      endRoute()
      core.off('open', onOpen)
      core.off('message', onMessage)
    },
  }
}

/** A visit is the session of a tab. Without storage permission every page view counts as visit 1. */
function countVisit(localStore: Store, tabStore: Store): number {
  const before = numberOf(localStore.get('visits')) ?? 0
  const visits = tabStore.get('visit') ? Math.max(before, 1) : before + 1
  tabStore.set('visit', 1)
  localStore.set('visits', visits)
  return visits
}

function readMemory(value: unknown): Memory {
  const { fired, silenced } = membersOf(value)
  return {
    fired: numberOf(fired) ?? 0,
    silenced: Array.isArray(silenced) ? silenced.filter(isString) : [],
  }
}
