/**
 * The calls of the Admin API: what each may hold, and how its answer is read. Only `upload.ts` has another one.
 */
import * as Answer from '../../contract/admin-answers.ts'
import * as Request from '../../contract/admin-calls.ts'
import { forward } from './forward.ts'

const widgets = '/api/admin/widgets'
const conversations = '/api/admin/conversations'
const leads = '/api/admin/leads'
const knowledge = '/api/admin/knowledge'
const notifications = '/api/admin/notifications/settings'
const widget = { path: widgets, member: 'widget' } as const
const done = { member: 'done', answer: Answer.Done } as const
const settings = { path: notifications, member: 'settings', answer: Answer.Notifications } as const

export const widgetsCall = forward({
  path: widgets,
  member: 'widgets',
  answer: Answer.Widgets,
})
export const addWidgetCall = forward({
  ...widget,
  method: 'POST',
  body: Request.AddWidgetRequest,
  answer: Answer.ChangedWidget,
})
export const widgetCall = forward({ ...widget, byId: true, answer: Answer.OneWidget })
export const changeWidgetCall = forward({
  ...widget,
  method: 'PUT',
  byId: true,
  body: Request.ChangeWidgetRequest,
  answer: Answer.ChangedWidget,
})
export const removeWidgetCall = forward({ ...done, path: widgets, method: 'DELETE', byId: true })

export const conversationsCall = forward({
  path: conversations,
  query: Request.ConversationsQuery,
  member: 'conversations',
  answer: Answer.Conversations,
})
export const conversationCall = forward({
  path: conversations,
  byId: true,
  member: 'conversation',
  answer: Answer.OneConversation,
})

export const leadsCall = forward({
  path: leads,
  query: Request.LeadsQuery,
  member: 'leads',
  answer: Answer.Leads,
})
export const changeLeadCall = forward({
  path: leads,
  method: 'PUT',
  byId: true,
  body: Request.ChangeLeadRequest,
  member: 'lead',
  answer: Answer.ChangedLead,
})

export const knowledgeCall = forward({
  path: knowledge,
  member: 'documents',
  other: ['knowledge', 'items', 'files'],
  answer: Answer.Documents,
})
export const removeKnowledgeCall = forward({ ...done, path: knowledge, method: 'DELETE', byId: true })

export const analyticsCall = forward({
  path: '/api/admin/analytics',
  member: 'analytics',
  answer: Answer.Analytics,
})

export const notificationsCall = forward(settings)
export const changeNotificationsCall = forward({
  ...settings,
  method: 'PUT',
  body: Request.NotificationsRequest,
})
