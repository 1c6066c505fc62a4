/**
 * The calls of the Widget API that are only forwarded: the scope, body, limits and answer of each, and its path at Caty.
 * The others are in `chat.ts` and `upload.ts`.
 */
import * as Answer from '../../contract/caty-answers.ts'
import * as Request from '../../contract/visitor-calls.ts'
import { JSON_CAP, TRACK_CAP } from '../../http/body.ts'
import { forwardBody, forwardQuery, forwardSession } from './forward.ts'

/** Milliseconds. None of these calls generates text. */
const TIMEOUT_MS = 10_000
const track = { scope: 'track', purpose: 'track', cap: JSON_CAP, timeoutMs: TIMEOUT_MS } as const
const lead = { scope: 'lead', purpose: 'lead', cap: JSON_CAP, timeoutMs: TIMEOUT_MS } as const
const chat = { scope: 'chat', purpose: 'chat', cap: JSON_CAP, timeoutMs: TIMEOUT_MS } as const

export const identifyCall = forwardSession({ ...chat, body: Request.IdentifyRequest, answer: Answer.Acknowledged })

export const trackCall = forwardBody({
  ...track,
  cap: TRACK_CAP,
  path: '/api/widget/track',
  body: Request.TrackRequest,
  answer: Answer.Tracked,
})
export const viewCall = forwardBody({
  ...track,
  path: '/api/widget/view',
  body: Request.ViewRequest,
  answer: Answer.Acknowledged,
  addVisitor: true,
})
export const proactiveCall = forwardBody({
  ...track,
  path: '/api/widget/proactive',
  budget: 'proactive',
  body: Request.ProactiveRequest,
  answer: Answer.Proactive,
})
export const engagedCall = forwardBody({
  ...track,
  path: '/api/widget/proactive/engaged',
  body: Request.EngagedRequest,
  answer: Answer.Acknowledged,
})
export const dismissedCall = forwardBody({
  ...track,
  path: '/api/widget/proactive/dismissed',
  body: Request.DismissedRequest,
  answer: Answer.Acknowledged,
})

export const leadCall = forwardBody({
  ...lead,
  path: '/api/widget/lead',
  budget: 'leads',
  body: Request.LeadRequest,
  answer: Answer.LeadTaken,
})
export const formCall = forwardBody({
  ...lead,
  path: '/api/widget/form',
  budget: 'leads',
  body: Request.FormRequest,
  answer: Answer.Acknowledged,
})
export const scheduleCall = forwardBody({
  ...lead,
  path: '/api/widget/schedule',
  budget: 'leads',
  body: Request.ScheduleRequest,
  answer: Answer.Acknowledged,
})
export const slotsCall = forwardQuery({
  ...lead,
  path: '/api/widget/schedule/slots',
  query: Request.SlotsQuery,
  answer: Answer.SlotList,
})

export const handoffCall = forwardBody({
  ...chat,
  path: '/api/widget/handoff/request',
  body: Request.HandoffRequest,
  answer: Answer.Acknowledged,
})
