/** `POST /api/widget/upload`: streams a visitor's file to Caty. Off unless UPLOADS is on. */

import { malformed, Refused } from '../../base/reason.ts'
import { Uploaded } from '../../contract/caty-answers.ts'
import { openForm } from '../../http/file-relay.ts'
import { VISITOR_FILES } from '../../http/file-type.ts'
import { spendOfDay } from './day-budget.ts'
import { relay } from './forward.ts'
import { admitWithFile } from './metered-message.ts'
import { type Authorized, scoped, sessionBehind } from './scoped.ts'

/** Caty's own limit for a file, in bytes. */
export const UPLOAD_CAP = 10 * 1024 * 1024
/** Milliseconds: enough for ten megabytes over a slow line. */
const TIMEOUT_MS = 60_000

export const uploadCall = scoped('chat', async (call) => {
  if (!call.edge.settings.uploads) throw new Refused({ kind: 'uploads_off' })
  const opened = await openForm(call.request, {
    allowed: VISITOR_FILES,
    cap: UPLOAD_CAP,
    fields: ['session_id', 'message'],
  })
  const handle = opened.fields.get('session_id')
  if (handle === undefined) throw malformed('must come before the file', 'session_id')
  const session = await sessionBehind(handle, call)
  const message = opened.fields.get('message')
  await spendOfDay('uploads', call.edge)
  const permit = message === undefined ? undefined : await admitMessage(call)
  const form = opened.relay({ session_id: session, ...(message !== undefined && { message: singleLine(message) }) })
  return relay(
    call,
    { purpose: 'chat', timeoutMs: TIMEOUT_MS, answer: Uploaded },
    { method: 'POST', path: '/api/widget/upload', form, permit },
  )
})

/** Caty answers a message that comes with a file, so it counts like every other. */
const admitMessage = async ({ edge, request, token }: Authorized) =>
  admitWithFile({ edge, request, visitor: token.sub, key: await edge.client.keyIdOf(token.client_id, 'chat') })

/** Without a line break a value cannot imitate a multipart boundary. */
const singleLine = (text: string): string => text.replace(/[\r\n]+/g, ' ')
