/** What each kind of suggested action does, beside links and plain messages (observed client, section 6.4). */
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { FormRequest } from './chunk-props.ts'
import { formKindOf } from './form-rules.ts'

export type ActionEffects = {
  openForm: (form: FormRequest) => void
  openHandoff: () => void
  /** Sends “I would like to order …” in the visitor's language. */
  order: (name: string) => void
  /** Draws the products or times that the action holds, below its message. */
  showContent: (action: SuggestedAction) => void
  send: (text: string) => void
}

/** Runs an action. An unknown kind sends the label. */
export function runAction(chosen: SuggestedAction, effects: ActionEffects): void {
  const { action = '', label, value, payload } = chosen
  const openForm = (form: Omit<FormRequest, 'byVisitor'>) => effects.openForm({ byVisitor: true, ...form })
  switch (action) {
    case 'handoff':
      effects.openHandoff()
      break
    case 'form':
      openForm({ kind: 'lead', fields: payload?.fields })
      break
    case 'contact_me':
    case 'leave_contact':
      openForm({ kind: 'lead', fields: ['name', 'phone', 'email'] })
      break
    case 'open_form':
      openForm({ kind: formKindOf(payload?.form_type), fields: payload?.fields })
      break
    case 'schedule':
    case 'booking':
      openForm({ kind: 'schedule' })
      break
    case 'contact_form':
      openForm({ kind: 'contact' })
      break
    case 'order':
    case 'buy':
      effects.order(payload?.items?.[0]?.name ?? value ?? label)
      break
    case 'product_carousel':
    case 'slot_picker':
      effects.showContent(chosen)
      break
    default:
      effects.send(payload?.message ?? value ?? label)
  }
}
