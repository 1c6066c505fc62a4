/**
 * `POST /webhooks/dead-letters`: what `npm run webhooks` asks. Signed like a Standard Webhook, by a key that HKDF derives
 * from TOKEN_SECRETS for this and nothing else. For anybody without that key the path does not exist.
 */
import * as v from 'valibot'
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import { text } from '../../contract/bounded.ts'
import { fittingJson, readText } from '../../http/body.ts'
import { standardSigned } from '../../outbox/standard.ts'

const CAP = 16 * 1024

const Command = v.object({
  action: v.picklist(['list', 'retry']),
  /** Which to retry: all of them, when absent. */
  ids: v.optional(v.pipe(v.array(text(100)), v.maxLength(100))),
})

/** Throws `Refused`. */
export async function deadLettersCall({ ring, ledger, platform }: Edge, request: Request): Promise<Response> {
  // Whoever cannot sign learns nothing, not even how large a body may be.
  if (!request.headers.has('webhook-signature')) throw new Refused({ kind: 'not_found' })
  const body = await readText(request, CAP).catch(() => '')
  const keys = (await ring.all('webhook-operator')).map(({ key }) => key)
  if (!(await standardSigned(request.headers, body, keys, platform.now()))) throw new Refused({ kind: 'not_found' })
  const command = fittingJson(Command, body)
  const desk = ledger.getByName('tenant')
  if (command.action === 'list') return Response.json({ success: true, ...(await desk.listDeadLetters()) })
  return Response.json({ success: true, revived: await desk.redriveDeadLetters(command.ids) })
}
