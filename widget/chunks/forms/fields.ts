/** The fields of each form. */

import type { AllStrings, MoreStrings } from '../../chunk-api/strings.ts'
import type { FormKind, FormRequest } from '../guide/chunk-props.ts'

export type FieldType = 'text' | 'email' | 'tel' | 'area' | 'stars' | 'day' | 'time'
export type Field = {
  name: string
  label: string
  type: FieldType
  required: boolean
  autocomplete: string | undefined
  /** The longest value that the edge accepts, in UTF-16 units. */
  max: number
}

/** A star marks required fields. */
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

type KnownField = [label: keyof MoreStrings, type: FieldType, max: number, autocomplete?: string]
const KNOWN_FIELDS: Readonly<Record<string, KnownField>> = {
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

/** The fields of a form, in order. A name that is not known here is a field of the owner's own. */
export function fieldsOf({ kind, fields }: FormRequest, strings: AllStrings): Field[] {
  const field = (name: string, required: boolean): Field => {
    const [label, type, max, autocomplete]: Partial<KnownField> =
      (Object.hasOwn(KNOWN_FIELDS, name) && KNOWN_FIELDS[name]) || []
    return {
      name,
      label: label ? strings[label] : labelOf(name),
      type: type ?? 'text',
      required,
      autocomplete,
      max: max ?? 2000,
    }
  }
  if (kind !== 'lead' && kind !== 'offer')
    return FIELDS[kind].split(' ').map((spec) => field(spec.replace('*', ''), spec.endsWith('*')))
  const names = [...new Set(fields?.length ? fields : ['name', 'email'])]
  // One of the two is enough if the form has both; validate.ts asks for it.
  const hasBoth = names.includes('email') && names.includes('phone')
  return names.map((name) => field(name, name === 'name' || (/^(email|phone)$/.test(name) && !hasBoth)))
}

/** “Team size” for `team_size`. */
function labelOf(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
