/**
 * The other side: visitors one by one, at random but seeded, with a day's curve, pages, opened chats and messages, each
 * counted where the edge would count it. Nothing here comes from the formulas of `model.ts`.
 */
import type { Data } from './data.ts'
import { DAYS, RENEWS_AFTER_S } from './model.ts'

const DAY_S = 86_400
/** Seconds between two pages of a visit. */
const READING_S = 40

/** Counted over the days that were simulated. */
export type Simulated = {
  days: number
  views: number
  chats: number
  messages: number
  requests: number
  cpuMs: number
  /** Calls of messages; the alarms are not simulated. */
  ledgerCalls: number
  /** Messages that came when the last minute already had the tenant's limit. */
  overLimit: number
  fullestMinute: number
}

/** mulberry32: small, and good enough for arrivals. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const exponential = (mean: number, random: () => number): number => -Math.log(1 - random()) * mean
/** At least one; mean as given. */
const geometric = (mean: number, random: () => number): number =>
  mean <= 1 ? 1 : 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean))

export type Run = { viewsPerMonth: number; days: number; perMinute: number; seed: number }

/** One tenant for so many average days. */
export function simulate({ viewsPerMonth, days, perMinute, seed }: Run, data: Data): Simulated {
  const random = seeded(seed)
  const { assumptions, figures } = data
  const { cpuMs, calls } = figures
  const weights = assumptions.hours.value
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const visitsPerDay = viewsPerMonth / DAYS / assumptions.viewsPerVisit.value
  const seen: Simulated = {
    ...{ days, views: 0, chats: 0, messages: 0, requests: 0, cpuMs: 0, ledgerCalls: 0 },
    ...{ overLimit: 0, fullestMinute: 0 },
  }
  const sent: number[] = []
  const call = (name: string): void => {
    seen.requests++
    seen.cpuMs += cpuOf(name, cpuMs)
  }

  for (let day = 0; day < days; day++) {
    for (const [hour, weight] of weights.entries()) {
      // Arrivals of the hour: exponential gaps, which is what a Poisson process is.
      const gap = 3600 / ((visitsPerDay * weight) / total)
      const end = day * DAY_S + (hour + 1) * 3600
      for (let at = end - 3600 + exponential(gap, random); at < end; at += exponential(gap, random)) visit(at)
    }
  }
  countMinutes(sent, perMinute, seen)
  return seen

  function visit(begun: number): void {
    let at = begun
    for (let page = geometric(assumptions.viewsPerVisit.value, random); page > 0; page--) {
      seen.views++
      for (const [name, count] of Object.entries(calls.view)) for (let n = 0; n < count; n++) call(name)
      if (random() < assumptions.openRate.value) chat(at)
      at += exponential(READING_S, random)
    }
  }

  function chat(begun: number): void {
    seen.chats++
    for (const name of Object.keys(calls.opened)) call(name === 'POST /token' ? 'bound' : name)
    let [at, renewed] = [begun, begun]
    message(at)
    for (let left = geometric(assumptions.messagesPerChat.value, random) - 1; left > 0; left--) {
      at += exponential(assumptions.secondsBetweenMessages.value, random)
      if (at - renewed > RENEWS_AFTER_S) {
        renewed = at
        call('bound')
      }
      call('POST /api/widget/message')
      message(at)
    }
  }

  function message(at: number): void {
    seen.messages++
    seen.ledgerCalls += figures.ledger.message.calls
    sent.push(at)
  }
}

function cpuOf(name: string, cpuMs: Data['figures']['cpuMs']): number {
  if (name.startsWith('OPTIONS ')) return cpuMs.preflight
  if (name === 'POST /token') return cpuMs.token
  if (name === 'bound') return cpuMs.boundToken
  return name.endsWith('/message') ? cpuMs.message : cpuMs.session
}

/** A sliding minute over the messages in their order. */
function countMinutes(sent: number[], perMinute: number, seen: Simulated): void {
  sent.sort((a, b) => a - b)
  let first = 0
  for (const [index, at] of sent.entries()) {
    while ((sent[first] ?? at) < at - 60) first++
    const inMinute = index - first + 1
    seen.fullestMinute = Math.max(seen.fullestMinute, inMinute)
    if (inMinute > perMinute) seen.overLimit++
  }
}
