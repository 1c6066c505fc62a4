/** `POST /api/admin/knowledge/upload`: streams a document for the assistant's knowledge base to Caty. */
import { UploadedDocument } from '../../contract/admin-answers.ts'
import { KnowledgeFields } from '../../contract/admin-calls.ts'
import { fitting } from '../../http/body.ts'
import { openForm } from '../../http/file-relay.ts'
import { KNOWLEDGE_FILES } from '../../http/file-type.ts'
import { signedIn } from './authorize.ts'
import { relay } from './forward.ts'

/** Bytes of the file. */
export const KNOWLEDGE_CAP = 10 * 1024 * 1024
/** Milliseconds: enough for ten megabytes over a slow line. */
const TIMEOUT_MS = 60_000
const ROW = {
  path: '/api/admin/knowledge/upload',
  member: 'document',
  other: ['knowledge', 'file'],
  answer: UploadedDocument,
  timeoutMs: TIMEOUT_MS,
} as const

export const knowledgeUploadCall = signedIn(async (call) => {
  const form = await openForm(call.request, {
    allowed: KNOWLEDGE_FILES,
    cap: KNOWLEDGE_CAP,
    fields: ['widget_id', 'category'],
  })
  // Fields may stand before or after the file. Those after it are validated when they arrive.
  const early = form.fields.has('widget_id') ? sent(form.fields) : {}
  const relayed = form.relay(early, (late) => {
    const all = sent(new Map([...form.fields, ...late]))
    return Object.fromEntries(Object.entries(all).filter(([name]) => !(name in early)))
  })
  return relay(call, ROW, { method: 'POST', path: ROW.path, form: relayed })
})

/** The fields as Caty gets them. Throws 400 with the name of the one that is missing or wrong. */
function sent(fields: ReadonlyMap<string, string>): Record<string, string> {
  const { widget_id, category } = fitting(KnowledgeFields, Object.fromEntries(fields))
  // Without a line break a value cannot imitate a multipart boundary.
  return { widget_id, ...(category !== undefined && { category: category.replace(/[\r\n]+/g, ' ') }) }
}
