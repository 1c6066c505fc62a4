/** Which fields each form has, and which of them must be filled in. */

import type { MoreStrings } from '../../chunk-api/core.ts'
import type { AskedForm, FormKind, Words } from '../guide/chunk-props.ts'

export type FieldType = 'text' | 'email' | 'tel' | 'area' | 'stars' | 'day' | 'time'
export type Field = {
  name: string
  label: string
  type: FieldType
  required: boolean
  autocomplete: string | undefined
  /** UTF-16 units, what the edge accepts. */
  max: number
}

/** A star marks what must be filled in. */
const FIELDS: Record<Exclude<FormKind, 'lead' | 'offer'>, string> = {
  contact: 'name* email* phone message*',
  quote: 'name* email* phone* description*',
  newsletter: 'email* name',
  feedback: 'rating* comment',
  schedule: 'name* phone* date* time*',
}
export const TITLES: Record<FormKind, keyof MoreStrings> = {
  lead: 'leadTitle',
  offer: 'offerTitle',
  contact: 'contactTitle',
  quote: 'quoteTitle',
  newsletter: 'newsletterTitle',
  feedback: 'feedbackTitle',
  schedule: 'scheduleTitle',
}

type Known = [label: keyof MoreStrings, type: FieldType, max: number, autocomplete?: string]
const KNOWN: Readonly<Record<string, Known>> = {
  name: ['name', 'text', 200, 'name'],
  email: ['email', 'email', 254, 'email'],
  phone: ['phone', 'tel', 40, 'tel'],
  company: ['company', 'text', 200, 'organization'],
  message: ['question', 'area', 4000],
  description: ['need', 'area', 4000],
  rating: ['rating', 'stars', 1],
  comment: ['comment', 'area', 4000],
  date: ['date', 'day', 10],
  time: ['time', 'time', 60],
}

/** The fields of this form, in their order. A name that is not ours is a question of the owner's own. */
export function fieldsOf({ kind, fields }: AskedForm, said: Words): Field[] {
  const field = (name: string, required: boolean): Field => {
    const [label, type, max, autocomplete]: Partial<Known> = (Object.hasOwn(KNOWN, name) && KNOWN[name]) || []
    return {
      name,
      label: label ? said[label] : humanised(name),
      type: type ?? 'text',
      required,
      autocomplete,
      max: max ?? 2000,
    }
  }
  if (kind !== 'lead' && kind !== 'offer')
    return FIELDS[kind].split(' ').map((spec) => field(spec.replace('*', ''), spec.endsWith('*')))
  const names = [...new Set(fields?.length ? fields : ['name', 'email'])]
  // Whoever gives one way to be reached need not give the other; `check.ts` asks for one.
  const both = names.includes('email') && names.includes('phone')
  return names.map((name) => field(name, name === 'name' || (/^(email|phone)$/.test(name) && !both)))
}

/** `team_size` as a person would write it. */
function humanised(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
