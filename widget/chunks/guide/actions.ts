/** What each kind of suggested action does that is more than a link or a message (observed client, section 6.4). */
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { AskedForm } from './chunk-props.ts'
import { kindOfType } from './form-rules.ts'

export type Does = {
  open: (form: AskedForm) => void
  handoff: () => void
  /** “I would like to order …”, in the visitor's language. */
  order: (name: string) => void
  /** Draws what the action holds where the message is. */
  unpack: (action: SuggestedAction) => void
  send: (text: string) => void
}

/** An action that nobody knows sends its label. */
export function act(chosen: SuggestedAction, does: Does): void {
  const { action = '', label, value, payload } = chosen
  const open = (form: Omit<AskedForm, 'byVisitor'>) => does.open({ byVisitor: true, ...form })
  switch (action) {
    case 'handoff':
      does.handoff()
      break
    case 'form':
      open({ kind: 'lead', fields: payload?.fields })
      break
    case 'contact_me':
    case 'leave_contact':
      open({ kind: 'lead', fields: ['name', 'phone', 'email'] })
      break
    case 'open_form':
      open({ kind: kindOfType(payload?.form_type), fields: payload?.fields })
      break
    case 'schedule':
    case 'booking':
      open({ kind: 'schedule' })
      break
    case 'contact_form':
      open({ kind: 'contact' })
      break
    case 'order':
    case 'buy':
      does.order(payload?.items?.[0]?.name ?? value ?? label)
      break
    case 'product_carousel':
    case 'slot_picker':
      does.unpack(chosen)
      break
    default:
      does.send(payload?.message ?? value ?? label)
  }
}
