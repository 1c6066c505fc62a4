/**
 * Which pages may use this edge: an exact origin, or `https://*.example.com` where the star is one whole leftmost label
 * and the rest is not a public suffix. A rule that is written in any other way is refused, because visitors would be the
 * first to notice a rule that matches nothing, or everything.
 */
import { entriesOf } from '../base/entries.ts'
import { isPublicSuffix } from './public-suffix.ts'

export type OriginRule =
  | { kind: 'exact'; origin: string }
  | { kind: 'subdomain'; scheme: string; suffix: string; port: string }
export type ParsedOrigins = { rules: OriginRule[]; problems: string[] }

const MAX_RULES = 200

/** Parses the comma-separated setting. Never throws. Each problem is the end of a sentence and repeats no entry's text. */
export function parseOriginRules(text: string): ParsedOrigins {
  const { entries, problems } = entriesOf(text)
  const rules: OriginRule[] = []
  for (const { text: entry, place } of entries.slice(0, MAX_RULES)) {
    const rule = parseRule(entry)
    if (typeof rule === 'string') problems.push(`${place} ${rule}`)
    else rules.push(rule)
  }
  if (entries.length > MAX_RULES) problems.push(`lists ${entries.length} origins; at most ${MAX_RULES} fit`)
  return { rules, problems }
}

/** The rule, or the end of a sentence about the entry. */
function parseRule(entry: string): OriginRule | string {
  if (entry === '*') return 'may not be *: list the origins of your pages'
  if (entry === 'null') return 'may not be null: sandboxed frames and files of any site send it'
  if (/^file:/i.test(entry)) return 'is a file, and files have no origin: list the address of your site'
  if (!/^https?:\/\//i.test(entry))
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(entry)
      ? 'must start with https:// (or http://): a scheme of an app, such as capacitor://, proves nothing, because every app can send it'
      : 'needs a scheme: write https:// before the host name'
  if (entry.includes('*')) return parsePattern(entry)
  if (!URL.canParse(entry)) return 'is not a web address, such as https://shop.example'
  const url = new URL(entry)
  if (url.username || url.password) return 'may not hold a user name or password'
  if (url.origin === entry) return { kind: 'exact', origin: entry }
  if (url.href !== `${url.origin}/` || entry.endsWith('/'))
    return 'is more than an origin: remove everything after the host name and port, the slash included'
  if (/[A-Z]/.test(entry)) return 'must be in lower case, as browsers send it'
  if (/:\d+$/.test(entry)) return 'names the default port: remove it, as browsers do'
  return 'must be written as browsers send it, a name with other letters in its xn-- form'
}

function parsePattern(entry: string): OriginRule | string {
  const match = /^(https):\/\/\*\.([a-z0-9.-]+)(:\d{1,5})?$/.exec(entry)
  const [, scheme, suffix, port = ''] = match ?? []
  if (!scheme || !suffix)
    return 'may use a star only as the whole leftmost label of an https origin, as in https://*.example.com'
  const probe = `https://a.${suffix}${port}`
  if (!URL.canParse(probe) || new URL(probe).origin !== probe) return 'is not an origin after the star'
  if (isPublicSuffix(suffix)) return 'would allow every site under a name below which anybody can register'
  return { kind: 'subdomain', scheme, suffix, port }
}

/** True if one of the rules allows this `Origin` header. Compares whole origins, never parts of a string. */
export function originAllowed(origin: string, rules: readonly OriginRule[]): boolean {
  return rules.some((rule) => {
    if (rule.kind === 'exact') return rule.origin === origin
    const start = `${rule.scheme}://`
    const end = `.${rule.suffix}${rule.port}`
    if (!origin.startsWith(start) || !origin.endsWith(end)) return false
    return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(origin.slice(start.length, -end.length))
  })
}
