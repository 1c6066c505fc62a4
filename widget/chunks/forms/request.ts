/** The call that a form becomes, and the events that the page gets after it. */

import type { Emit } from '../../chunk-api/events.ts'
import { stringOf } from '../../chunk-api/untrusted.ts'
import type { FormKind, FormRequest, Values } from '../guide/chunk-props.ts'
import type { Field } from './fields.ts'
import { normalised } from './validate.ts'

export type FormCall = { path: string; body: Record<string, unknown> }

/** `form_type` of the forms that are no lead. */
const FORM_TYPES: Partial<Record<FormKind, string>> = {
  contact: 'contact',
  quote: 'quote_request',
  newsletter: 'newsletter',
  feedback: 'feedback',
}
/** Fields that every lead has; others are the owner's own. */
const LEAD_FIELD = /^(name|email|phone|company)$/

/** The call, without the session. Empty fields are left out, because the edge would validate them. */
export function formCall({ kind, product }: FormRequest, fields: readonly Field[], values: Values): FormCall {
  const filled = fields.map((field) => [field.name, normalised(field, values)] as const).filter(([, text]) => text)
  if (kind === 'schedule') return { path: '/api/widget/schedule', body: Object.fromEntries(filled) }
  const type = FORM_TYPES[kind]
  if (type) {
    const body = filled.map(([name, text]) => [name, name === 'rating' ? Number(text) : text])
    return { path: '/api/widget/form', body: { form_type: type, ...Object.fromEntries(body) } }
  }
  const customFields = filled.filter(([name]) => !LEAD_FIELD.test(name))
  return {
    path: '/api/widget/lead',
    body: {
      ...Object.fromEntries(filled.filter(([name]) => LEAD_FIELD.test(name))),
      ...(customFields.length > 0 && { custom_fields: Object.fromEntries(customFields) }),
      ...(kind === 'offer' && {
        lead_type: 'offer_request',
        requested_product: product && {
          id: product.id,
          name: product.name,
          price: product.price,
          image: product.image_url,
          url: product.url,
          description: product.description,
        },
      }),
    },
  }
}

/** Emits the events of a form that was sent. A visitor who left an address or a phone number is a lead, by any form. */
export function emitSent(kind: FormKind, { body }: FormCall, emit: Emit): void {
  if (kind === 'schedule') {
    const [name, phone] = [stringOf(body.name), stringOf(body.phone)]
    emit('scheduled', { name, phone, date: stringOf(body.date) ?? '', time: stringOf(body.time) ?? '' })
  }
  emit('form_submitted', { form_type: kind, ...body })
  if (!body.email && !body.phone) return
  emit('lead', body)
  emit('lead_captured', body)
}
