/** `POST /api/widget/upload`: a visitor's file, streamed through. Off unless the owner turns it on. */
import { readAnswer, Uploaded } from '../contract/caty-answers.ts'
import { openForm } from '../guard/file-relay.ts'
import { VISITOR_FILES } from '../guard/file-type.ts'
import { Refused } from '../reason.ts'
import { scoped, sessionBehind } from './scoped.ts'

/** Caty's own bound for a file, in bytes. */
export const UPLOAD_CAP = 10 * 1024 * 1024
/** Ten megabytes over a bad line. */
const TIMEOUT_MS = 60_000

export const uploadCall = scoped('chat', async (call) => {
  if (!call.edge.settings.uploads) throw new Refused({ kind: 'uploads_off' })
  const form = await openForm(call.request, {
    allowed: VISITOR_FILES,
    cap: UPLOAD_CAP,
    fields: ['session_id', 'message'],
  })
  const handle = form.fields.get('session_id')
  if (handle === undefined)
    throw new Refused({ kind: 'body_malformed', why: 'must come before the file', field: 'session_id' })
  const session = await sessionBehind(handle, call)
  const message = form.fields.get('message')
  const relayed = form.relay({ session_id: session, ...(message !== undefined && { message: singleLine(message) }) })
  const answer = await call.upstream(() =>
    call.edge.client.call({
      widget: call.token.client_id,
      purpose: 'chat',
      method: 'POST',
      path: '/api/widget/upload',
      form: relayed,
      timeoutMs: TIMEOUT_MS,
    }),
  )
  const read = answer.status === 404 ? undefined : readAnswer(Uploaded, answer.json)
  if (!read) throw new Refused({ kind: 'upstream', fault: answer.status === 404 ? 'no_route' : 'unreadable' })
  return Response.json({ success: true, ...read })
})

/** A boundary cannot be guessed, and a line break cannot begin one. */
const singleLine = (text: string): string => text.replace(/[\r\n]+/g, ' ')
