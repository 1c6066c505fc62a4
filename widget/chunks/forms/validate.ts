/** What is wrong with what was typed, in the visitor's words; and what is right with it, in the edge's. */
import type { Values, Words } from '../guide/chunk-props.ts'
import type { Field } from './fields.ts'

/** Sentences by the fields' names. */
export type Problems = Record<string, string>

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const PHONE = /^[+\d][\d\s./-]{3,}$/
/** Zeros of the digits that Arabic, Persian and Hindi keyboards give; Unicode itself maps the wide ones of Japanese. */
const ZEROS = [0x660, 0x6f0, 0x966]

/** As it goes out: no blanks around it, phone numbers in ASCII digits and without brackets, which the edge refuses in front. */
export function cleaned({ name, type }: Field, values: Values): string {
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

/** The complaint about one field, if there is one. */
export function complaint(field: Field, values: Values, said: Words): string | undefined {
  const text = cleaned(field, values)
  if (!text) return field.required ? said.required : undefined
  if (field.type === 'email' && !EMAIL.test(text)) return said.badEmail
  if (field.type === 'tel' && !PHONE.test(text)) return said.badPhone
  return undefined
}

/** All complaints about a form. */
export function check(fields: readonly Field[], values: Values, said: Words): Problems {
  const problems: Problems = {}
  for (const field of fields) {
    const wrong = complaint(field, values, said)
    if (wrong) problems[field.name] = wrong
  }
  // Two ways to be reached, neither of them required, and none given.
  const ways = fields.filter(({ type }) => type === 'email' || type === 'tel')
  const [first] = ways
  if (first && !problems[first.name] && ways.every((way) => !cleaned(way, values))) problems[first.name] = said.reach
  return problems
}

/** `CallError.fault`, told by its shape: the class of another chunk is another class. */
type Fault = { kind?: string; status?: number; code?: string; field?: string; detail?: string }

/** What a failed call says to the visitor: at the field it is about, or for the whole form. */
export function verdict(
  error: unknown,
  fields: readonly Field[],
  said: Words,
): { problems: Problems; failure: string } {
  const { kind, status = 0, code, field: name, detail }: Fault = Object(Object(error).fault)
  const field = fields.find((one) => one.name === name)
  if (field) {
    const text = { email: said.badEmail, tel: said.badPhone }[String(field.type)] ?? said.check
    return { problems: { [field.name]: text }, failure: '' }
  }
  const failure =
    kind === 'offline' || kind === 'timeout'
      ? `${said[kind === 'offline' ? 'offline' : 'timeout']} ${said.formFailed}`
      : code === 'maintenance'
        ? said.maintenance
        : status >= 400 && status < 500 && status !== 401 && status !== 403
          ? `${said.refused} ${detail ?? ''}`.trim()
          : said.formFailed
  return { problems: {}, failure }
}
