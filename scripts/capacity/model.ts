/** The paper side: what so many page views a month use, cost, and run into. */
import { type Data, METERS, type MeterName } from './data.ts'

export const DAYS = 30
/** A token of a visitor renews at 70 % of its 300 s, when the next message needs it (`widget/client/edge-client.ts`). */
export const RENEWS_AFTER_S = 210
/** Write, read and delete of one event that a queue carries. */
const OPERATIONS_PER_EVENT = 3
/** The ledger cleans up once in ten minutes while there is something to clean. */
const ALARMS_PER_MONTH = DAYS * 24 * 6

/** Per month. */
export type Usage = Record<MeterName, number> & { chats: number; messages: number }

const sum = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((total, count) => total + count, 0)
const preflights = (calls: Readonly<Record<string, number>>): number =>
  sum(Object.fromEntries(Object.entries(calls).filter(([name]) => name.startsWith('OPTIONS '))))

/**
 * Messages after the first of a chat come at random, so a renewal happens at the first of them after 210 s: one in
 * 210 s and a gap.
 */
function renewalsPerChat({ assumptions }: Data): number {
  const gap = assumptions.secondsBetweenMessages.value
  return Math.max(0, (assumptions.messagesPerChat.value - 1) * gap) / (RENEWS_AFTER_S + gap)
}

/** `webhooks`: Caty sends events, and they are forwarded through a queue. */
export function usageOf(views: number, data: Data, { webhooks = false } = {}): Usage {
  const { assumptions, figures, plans } = data
  const { calls, cpuMs, ledger } = figures
  const chats = views * assumptions.openRate.value
  const messages = chats * assumptions.messagesPerChat.value
  const renewals = chats * renewalsPerChat(data)
  const events = webhooks ? chats * assumptions.webhooksPerChat.value : 0
  const later = messages - chats
  const requests = views * sum(calls.view) + chats * sum(calls.opened) + later * sum(calls.message) + renewals + events
  const ledgerCalls =
    messages * ledger.message.calls + events * ledger.event.calls + Math.min(ALARMS_PER_MONTH, messages)
  return {
    chats,
    messages,
    requests,
    cpuMs:
      views * cpuMs.token +
      chats * (cpuMs.boundToken + cpuMs.session + preflights(calls.opened) * cpuMs.preflight) +
      messages * cpuMs.message +
      renewals * cpuMs.boundToken +
      events * cpuMs.session,
    ledgerCalls,
    ledgerGbSeconds: (ledgerCalls * assumptions.ledgerMs.value * plans.ledgerGb) / 1000,
    rowsRead: messages * ledger.message.rowsRead + events * ledger.event.rowsRead,
    rowsWritten: messages * ledger.message.rowsWritten + events * ledger.event.rowsWritten,
    logEvents: requests * assumptions.logEventsPerCall.value,
    dataPoints: requests,
    queueOperations: events * OPERATIONS_PER_EVENT,
  }
}

export type Bill = { total: number; parts: Record<MeterName, number> }

/** Dollars a month on the paid plan, its base included. */
export function billOf(usage: Usage, { plans }: Data): Bill {
  const price = (name: MeterName): number => {
    const { included, perMillion } = plans.meters[name]
    return (Math.max(0, usage[name] - included) / 1e6) * perMillion
  }
  const parts: Bill['parts'] = {
    requests: price('requests'),
    cpuMs: price('cpuMs'),
    ledgerCalls: price('ledgerCalls'),
    ledgerGbSeconds: price('ledgerGbSeconds'),
    rowsRead: price('rowsRead'),
    rowsWritten: price('rowsWritten'),
    logEvents: price('logEvents'),
    dataPoints: price('dataPoints'),
    queueOperations: price('queueOperations'),
  }
  return { parts, total: METERS.reduce((total, name) => total + parts[name], plans.basePerMonth) }
}

/** Page views a month at which a meter's limit is met: of the free plan on its busiest day, of the paid one in a month. */
export function viewsAt(name: MeterName, plan: 'free' | 'paid', data: Data): number | undefined {
  const { freePerDay, included } = data.plans.meters[name]
  if (plan === 'paid') return viewsFor((views) => usageOf(views, data, { webhooks: true })[name], included)
  if (freePerDay === undefined) return undefined
  const daily = (views: number) => busiestDay(usageOf(views, data, { webhooks: true })[name], data)
  return viewsFor(daily, freePerDay)
}

const busiestDay = (perMonth: number, { assumptions }: Data): number => (perMonth / DAYS) * assumptions.busiestDay.value

/** Page views a month at which so many messages come on the busiest day. */
export const viewsAtMessagesPerDay = (perDay: number, data: Data): number =>
  viewsFor((views) => busiestDay(usageOf(views, data).messages, data), perDay)

/**
 * Page views a month at which one minute in a hundred of the busiest day's fullest hour has more messages than this:
 * arrivals are random, so the mean of that hour must stay below by more than twice its own root.
 */
export const viewsAtMessagesPerMinute = (perMinute: number, data: Data): number =>
  viewsFor((views) => {
    const mean = peakMinute(usageOf(views, data).messages, data)
    return mean + 2.33 * Math.sqrt(mean)
  }, perMinute)

/** Mean a minute in the fullest hour of the busiest day. */
export function peakMinute(perMonth: number, data: Data): number {
  const hours = data.assumptions.hours.value
  const share = Math.max(...hours) / hours.reduce((total, weight) => total + weight, 0)
  return (busiestDay(perMonth, data) * share) / 60
}

/** The largest number of page views whose use is not above the limit; all uses grow with them. */
function viewsFor(use: (views: number) => number, limit: number): number {
  let [low, high] = [0, 1]
  while (use(high) <= limit && high < 1e15) high *= 2
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (use(middle) <= limit) low = middle
    else high = middle
  }
  return low
}
