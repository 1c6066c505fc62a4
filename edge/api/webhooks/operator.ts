/**
 * `POST /webhooks/dead-letters`: the commands of `npm run webhooks`. Signed like a Standard Webhook, with a key that HKDF
 * derives from TOKEN_SECRETS for this purpose alone. Without that key the path answers 404 like an unknown one.
 */
import * as v from 'valibot'
import type { Edge } from '../../app/context.ts'
import { Refused } from '../../base/reason.ts'
import { text } from '../../contract/bounded.ts'
import { fittingJson, readText } from '../../http/body.ts'
import { standardSigned } from '../../outbox/standard.ts'

const CAP = 16 * 1024

const id = text(100)
/** `ids`: which ones; all of them when absent. */
const ids = v.optional(v.pipe(v.array(id), v.maxLength(100)))
const Command = v.variant('action', [
  v.object({ action: v.literal('list') }),
  v.object({ action: v.literal('show'), id }),
  v.object({ action: v.literal('retry'), ids }),
  v.object({ action: v.literal('discard'), ids }),
])

/** Runs a command of the operator. Throws 404, and 400 to a caller who can sign. */
export async function deadLettersCall(
  { ring, ledger, platform }: Pick<Edge, 'ring' | 'ledger' | 'platform'>,
  request: Request,
): Promise<Response> {
  // A caller who cannot sign learns nothing, not even the limit of a body.
  if (!request.headers.has('webhook-signature')) throw new Refused({ kind: 'not_found' })
  const body = await readText(request, CAP).catch(() => '')
  const keys = (await ring.all('webhook-operator')).map(({ key }) => key)
  if (!(await standardSigned(request.headers, body, keys, platform.now()))) throw new Refused({ kind: 'not_found' })
  const command = fittingJson(Command, body)
  const outbox = ledger.getByName('tenant')
  switch (command.action) {
    case 'list':
      return Response.json({ success: true, ...(await outbox.listDeadLetters()) })
    case 'show': {
      const shown = await outbox.showDeadLetter(command.id)
      // In base64: the bytes may be no text. Many, so they may not become the arguments of one call.
      const body = shown && btoa(Array.from(shown.body, (byte) => String.fromCharCode(byte)).join(''))
      return Response.json({ success: true, letter: shown ? { ...shown.letter, body } : null })
    }
    case 'retry':
      return Response.json({ success: true, revived: await outbox.redriveDeadLetters(command.ids) })
    case 'discard':
      return Response.json({ success: true, discarded: await outbox.discardDeadLetters(command.ids) })
  }
}
