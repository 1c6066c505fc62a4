/** The observe chunk: behaviour while it may be watched: metrics, their way to Caty, and the rules that answer to them. */
import type { ProactiveRule, SuggestedAction } from '../../../edge/contract/edge.ts'
import type { BubbleEnd, BubbleModule, Core, Metrics } from '../../chunk-api/core.ts'
import type { Store } from '../../client/storage.ts'
import { isEditing } from '../page-rules/greeting.ts'
import { report } from '../page-rules/report.ts'
import { Engine, type Memory } from './engine.ts'
import { PageMetrics } from './metrics.ts'
import { watchRoute } from './route.ts'
import { eventData, Tracker } from './tracker.ts'

export type Observation = {
  metrics: () => Metrics
  /** What Caty made of it so far. */
  score: () => number | undefined
  track: (type: string, data: unknown) => void
  end: () => void
}

export type ObserveModule = { observe: typeof observe }

type Message = { message_id?: string; content: string; suggested_actions?: SuggestedAction[] }

const LOOK_MS = 1000
const PHONE_PX = 768

export function observe(core: Core, local: Store, session: Store): Observation {
  const config = core.config.behavior?.proactive ?? {}
  const now = Date.now
  const memory = readMemory(session.get('proactive'))
  const engine = new Engine(config, memory, number(Object(core.wishes.behavior).proactiveDelay))
  /** The visitor wrote, or something is on its way or on the screen. */
  let wrote = false
  let busy = false
  let opened = core.isOpen
  let score: number | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let again: ReturnType<typeof setTimeout> | undefined
  const ending = new AbortController()
  const { signal } = ending

  const metrics = new PageMetrics(
    core.root.host,
    countVisit(local, session),
    (type, data) => {
      tracker.add(type, data)
      // Somebody who is about to leave does not wait for the next look.
      if (type === 'exit_intent') look()
      if (type === 'page_hidden' || type === 'page_visible') tick()
    },
    now,
  )
  const tracker = new Tracker(
    core,
    () => metrics.current,
    ({ proactive, engagement_score }) => {
      score = engagement_score ?? score
      const { should_trigger, message, suggested_actions } = proactive ?? {}
      if (should_trigger && message && !busy && !wrote && !core.isOpen) {
        deliver({ content: message, suggested_actions: suggested_actions ?? [] }, {}).catch(() => 0)
      }
    },
    now,
  )

  /** Caty hears once of a page view, and once of an opened chat. */
  const view = async (event_type: 'view' | 'widget_open') => {
    const viewed: Record<string, 1> = Object(session.get('viewed'))
    if (viewed[event_type]) return
    session.set('viewed', { ...viewed, [event_type]: 1 })
    const { page_url } = core.context()
    const referrer = document.referrer.split(/[?#]/, 1)[0]?.slice(0, 2000)
    const link = await core.link()
    // Consent may have been withdrawn while the client's code was loading.
    if (signal.aborted) return
    await link.call('/api/widget/view', { event_type, page_url, referrer, timestamp: new Date(now()).toISOString() })
  }

  const look = () => {
    const { innerWidth } = window
    if (config.mobile_enabled === false && innerWidth <= PHONE_PX) return
    const rule = engine.next({
      facts: { ...metrics.current, chatOpened: opened, pageUrl: location.href },
      busy: busy || wrote || core.isOpen,
      editing: isEditing(),
      now: now(),
    })
    if (!rule) return
    session.set('proactive', memory)
    fire(rule).catch(() => 0)
  }
  /** Looks once a second, while there is somebody to see the page. */
  const tick = () => {
    clearInterval(timer)
    timer = document.hidden || signal.aborted ? undefined : setInterval(look, LOOK_MS)
  }

  async function fire(rule: ProactiveRule): Promise<void> {
    busy = true
    try {
      const link = await core.link()
      const { message } = await link.call<{ message?: Message }>('/api/widget/proactive', {
        session_id: await link.session(),
        trigger_type: rule.message_type ?? rule.id ?? 'rule',
        language: core.language(),
        context: core.context(),
      })
      // Meanwhile the visitor may have opened the chat himself.
      if (message && !core.isOpen && !wrote && !signal.aborted) await deliver(message, rule)
    } finally {
      busy = false
    }
  }

  async function deliver({ content, message_id, suggested_actions }: Message, rule: ProactiveRule): Promise<void> {
    if (rule.auto_open && window.innerWidth > PHONE_PX) {
      engine.silence(rule)
      const panel = await core.panel()
      panel.say(content, suggested_actions)
      return core.open()
    }
    const bubble = await core.load<BubbleModule>('bubble')
    const options = { messageId: message_id, suggestedActions: suggested_actions, type: 'proactive', rule: rule.id }
    const show = (last: boolean) =>
      new Promise<unknown>((resolve) => {
        const gone = (how: BubbleEnd) => {
          resolve(how)
          report(core, how, message_id).catch(() => 0)
          if (how === 'dismissed') {
            engine.silence(rule)
            session.set('proactive', memory)
          }
          // Overlooked: once more where the owner wants it, and not without end.
          if (how === 'timeout' && !last && config.retrigger_delay_ms !== undefined) {
            again = setTimeout(() => {
              if (!document.hidden && !core.isOpen && !wrote) void show(true)
            }, config.retrigger_delay_ms)
          }
        }
        bubble.showBubble(core, content, options, gone).catch(resolve)
      })
    await show(false)
  }

  const onOpen = () => {
    opened = true
    tracker.add('chat_opened')
    view('widget_open').catch(() => 0)
  }
  const onMessage = (detail: unknown) => {
    const { role, content } = Object(detail)
    if (role !== 'user') return
    wrote = true
    tracker.add('message_sent', { length: String(content).length })
  }
  core.on('open', onOpen)
  core.on('message', onMessage)
  addEventListener('pagehide', () => tracker.leave(), { signal })
  const endRoute = watchRoute(() => {
    void tracker.flush()
    metrics.reset()
    engine.newPage()
  })
  view('view').catch(() => 0)
  tick()

  return {
    metrics: () => metrics.current,
    score: () => score,
    track: (type, data) => tracker.add(type, eventData(data)),
    end() {
      ending.abort()
      clearInterval(timer)
      clearTimeout(again)
      metrics.stop()
      tracker.stop()
      endRoute()
      core.off('open', onOpen)
      core.off('message', onMessage)
    },
  }
}

/** A visit is a tab's session. Without leave to remember, each page is the first of the first. */
function countVisit(local: Store, session: Store): number {
  const before = number(local.get('visits')) ?? 0
  const visits = session.get('visit') ? Math.max(before, 1) : before + 1
  session.set('visit', 1)
  local.set('visits', visits)
  return visits
}

function readMemory(value: unknown): Memory {
  const { fired, silenced }: { fired?: unknown; silenced?: unknown } = Object(value)
  return {
    fired: number(fired) ?? 0,
    silenced: Array.isArray(silenced) ? silenced.filter((name) => typeof name === 'string') : [],
  }
}

const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined
