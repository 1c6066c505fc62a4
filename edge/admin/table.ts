/**
 * The closed table of the Admin API, `upload.ts` beside it: what each call may hold, and how its answer is read. A call
 * that is in neither does not exist.
 */
import * as Answer from '../contract/admin-answers.ts'
import * as Request from '../contract/admin-calls.ts'
import { forwardJson, forwardList, forwardPlain } from './forward.ts'

const widgets = '/api/admin/widgets'
const conversations = '/api/admin/conversations'
const leads = '/api/admin/leads'
const knowledge = '/api/admin/knowledge'
const notifications = '/api/admin/notifications/settings'
const widget = { path: widgets, member: 'widget' } as const
const done = { member: 'done', answer: Answer.Done } as const
const settings = { path: notifications, member: 'settings', answer: Answer.Notifications } as const

export const widgetsCall = forwardList({
  path: widgets,
  query: Request.NoQuery,
  member: 'widgets',
  answer: Answer.Widgets,
})
export const addWidgetCall = forwardJson({
  ...widget,
  method: 'POST',
  body: Request.AddWidgetRequest,
  answer: Answer.ChangedWidget,
})
export const widgetCall = forwardPlain({ ...widget, method: 'GET', byId: true, answer: Answer.OneWidget })
export const changeWidgetCall = forwardJson({
  ...widget,
  method: 'PUT',
  byId: true,
  body: Request.ChangeWidgetRequest,
  answer: Answer.ChangedWidget,
})
export const removeWidgetCall = forwardPlain({ ...done, path: widgets, method: 'DELETE', byId: true })

export const conversationsCall = forwardList({
  path: conversations,
  query: Request.ConversationsQuery,
  member: 'conversations',
  answer: Answer.Conversations,
})
export const conversationCall = forwardPlain({
  path: conversations,
  method: 'GET',
  byId: true,
  member: 'conversation',
  answer: Answer.OneConversation,
})

export const leadsCall = forwardList({
  path: leads,
  query: Request.LeadsQuery,
  member: 'leads',
  answer: Answer.Leads,
})
export const changeLeadCall = forwardJson({
  path: leads,
  method: 'PUT',
  byId: true,
  body: Request.ChangeLeadRequest,
  member: 'lead',
  answer: Answer.ChangedLead,
})

export const knowledgeCall = forwardList({
  path: knowledge,
  query: Request.NoQuery,
  member: 'documents',
  other: ['knowledge', 'items', 'files'],
  answer: Answer.Documents,
})
export const removeKnowledgeCall = forwardPlain({ ...done, path: knowledge, method: 'DELETE', byId: true })

export const analyticsCall = forwardPlain({
  path: '/api/admin/analytics',
  method: 'GET',
  member: 'analytics',
  answer: Answer.Analytics,
})

export const notificationsCall = forwardPlain({ ...settings, method: 'GET' })
export const changeNotificationsCall = forwardJson({
  ...settings,
  method: 'PUT',
  body: Request.NotificationsRequest,
})
