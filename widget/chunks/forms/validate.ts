/** Validates fields for the visitor, and normalises their values for the edge. */
import type { AllStrings } from '../../chunk-api/strings.ts'
import { isCallError } from '../../client/errors.ts'
import type { Values } from '../guide/chunk-props.ts'
import type { Field } from './fields.ts'

/** What is wrong, by the fields' names. */
export type Problems = Record<string, string>

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const PHONE = /^[+\d][\d\s./-]{3,}$/
/** Code points of the zeros of Arabic, Persian and Hindi digits; `normalize` maps the wide digits of Japanese. */
const ZEROS = [0x660, 0x6f0, 0x966]

/** The value as it is sent: trimmed, and phone numbers in ASCII digits without brackets, which the edge refuses in front. */
export function normalised({ name, type }: Field, values: Values): string {
  const text = (values[name] ?? '').trim()
  return type === 'tel'
    ? text
        .normalize('NFKC')
        .replace(/\p{Nd}/gu, (digit) => {
          const code = digit.codePointAt(0) ?? 0
          const zero = ZEROS.find((first) => code >= first && code < first + 10)
          return zero ? String(code - zero) : digit
        })
        .replace(/[()]/g, '')
        .trim()
    : text
}

/** What is wrong with one field, or `undefined`. */
export function problemOf(field: Field, values: Values, strings: AllStrings): string | undefined {
  const text = normalised(field, values)
  if (!text) return field.required ? strings.required : undefined
  if (field.type === 'email' && !EMAIL.test(text)) return strings.badEmail
  if (field.type === 'tel' && !PHONE.test(text)) return strings.badPhone
  return undefined
}

/** All problems of a form. */
export function validate(fields: readonly Field[], values: Values, strings: AllStrings): Problems {
  const problems: Problems = {}
  for (const field of fields) {
    const problem = problemOf(field, values, strings)
    if (problem) problems[field.name] = problem
  }
  // If neither address nor phone number is required by itself, one of the two is.
  const contacts = fields.filter(({ type }) => type === 'email' || type === 'tel')
  const [first] = contacts
  if (first && !problems[first.name] && contacts.every((contact) => !normalised(contact, values)))
    problems[first.name] = strings.reach
  return problems
}

/** What the visitor is told of a failed call: at the field it is about, or for the whole form. */
export function failureTexts(
  error: unknown,
  fields: readonly Field[],
  strings: AllStrings,
): { problems: Problems; failure: string } {
  const fault = isCallError(error) ? error.fault : undefined
  const { status = 0, code, field: name, detail } = fault?.kind === 'refused' ? fault : {}
  const field = fields.find((one) => one.name === name)
  if (field) {
    const text = { email: strings.badEmail, tel: strings.badPhone }[String(field.type)] ?? strings.check
    return { problems: { [field.name]: text }, failure: '' }
  }
  const failure =
    fault?.kind === 'offline' || fault?.kind === 'timeout'
      ? `${strings[fault.kind]} ${strings.formFailed}`
      : code === 'maintenance'
        ? strings.maintenance
        : status >= 400 && status < 500 && status !== 401 && status !== 403
          ? `${strings.refused} ${detail ?? ''}`.trim()
          : strings.formFailed
  return { problems: {}, failure }
}
