/** Which call a form becomes, and what the page hears of it. */

import type { Emit } from '../../chunk-api/core.ts'
import type { AskedForm, FormKind, Values } from '../guide/chunk-props.ts'
import type { Field } from './fields.ts'
import { cleaned } from './validate.ts'

export type Outgoing = { path: string; body: Record<string, unknown> }

const TYPES: Partial<Record<FormKind, string>> = {
  contact: 'contact',
  quote: 'quote_request',
  newsletter: 'newsletter',
  feedback: 'feedback',
}
const OF_A_LEAD = /^(name|email|phone|company)$/

/** The call for `/api/widget/`, without the session. Empty fields stay out of it: the edge would check them. */
export function outgoing({ kind, product }: AskedForm, fields: readonly Field[], values: Values): Outgoing {
  const filled = fields.map((field) => [field.name, cleaned(field, values)] as const).filter(([, text]) => text)
  if (kind === 'schedule') return { path: '/api/widget/schedule', body: Object.fromEntries(filled) }
  const type = TYPES[kind]
  if (type) {
    const body = filled.map(([name, text]) => [name, name === 'rating' ? Number(text) : text])
    return { path: '/api/widget/form', body: { form_type: type, ...Object.fromEntries(body) } }
  }
  const own = filled.filter(([name]) => !OF_A_LEAD.test(name))
  return {
    path: '/api/widget/lead',
    body: {
      ...Object.fromEntries(filled.filter(([name]) => OF_A_LEAD.test(name))),
      ...(own.length > 0 && { custom_fields: Object.fromEntries(own) }),
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

/** After success, and only then. Whoever left a way to be reached is a lead, by whichever form. */
export function announce(kind: FormKind, { body }: Outgoing, emit: Emit): void {
  if (kind === 'schedule') emit('scheduled', body)
  emit('form_submitted', { form_type: kind, ...body })
  if (!body.email && !body.phone) return
  emit('lead', body)
  emit('lead_captured', body)
}
