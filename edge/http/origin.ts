/**
 * Which pages may use this edge. An exact origin, or `https://*.example.com` where the star is one whole leftmost label
 * and the rest is not a public suffix. Nothing is guessed: a rule that is not written this way is a configuration error,
 * because a rule that quietly matches nothing (or everything) is found by visitors first.
 */
import { isPublicSuffix } from './public-suffix.ts'

export type OriginRule =
  | { kind: 'exact'; origin: string }
  | { kind: 'subdomain'; scheme: string; suffix: string; port: string }
export type ParsedOrigins = { rules: OriginRule[]; problems: string[] }

const MAX_RULES = 200

/** Parses the comma-separated setting. Never throws; each problem is a sentence that goes after the setting's name. */
export function parseOriginRules(text: string): ParsedOrigins {
  const rules: OriginRule[] = []
  const problems: string[] = []
  const entries = text.split(',').map((entry) => entry.trim())
  for (const entry of entries.slice(0, MAX_RULES)) {
    const rule = parseRule(entry)
    if (typeof rule === 'string') problems.push(rule)
    else rules.push(rule)
  }
  if (entries.length > MAX_RULES) problems.push(`lists ${entries.length} origins; at most ${MAX_RULES} fit`)
  return { rules, problems }
}

function parseRule(entry: string): OriginRule | string {
  if (entry === '') return 'has an empty entry: remove the extra comma'
  if (entry === '*') return 'may not be *: list the origins of your pages'
  if (entry === 'null') return 'may not list null: sandboxed frames and files of any site send it'
  if (!/^https?:\/\//i.test(entry))
    return `entry ${quote(entry)} needs a scheme, as in https://${entry.replace(/^.*:\/\//, '')}`
  if (entry.includes('*')) return parsePattern(entry)
  if (!URL.canParse(entry)) return `entry ${quote(entry)} is not a URL`
  const url = new URL(entry)
  if (url.username || url.password) return `entry ${quote(url.origin)} may not hold a user name or password`
  if (url.origin !== entry) return `entry ${quote(entry)} is not an origin: write ${url.origin}`
  return { kind: 'exact', origin: url.origin }
}

function parsePattern(entry: string): OriginRule | string {
  const said = quote(entry)
  const match = /^(https):\/\/\*\.([a-z0-9.-]+)(:\d{1,5})?$/.exec(entry)
  const [, scheme, suffix, port = ''] = match ?? []
  if (!scheme || !suffix) {
    return `entry ${said} may use a star only as the whole leftmost label of an https origin, as in https://*.example.com`
  }
  const probe = `https://a.${suffix}${port}`
  if (!URL.canParse(probe) || new URL(probe).origin !== probe) return `entry ${said} is not an origin after the star`
  if (isPublicSuffix(suffix)) return `entry ${said} would allow every site under ${suffix}, which anybody can register`
  return { kind: 'subdomain', scheme, suffix, port }
}

/** Does one of the rules allow this `Origin` header? The comparison is of whole origins, never of parts of a string. */
export function originAllowed(origin: string, rules: readonly OriginRule[]): boolean {
  return rules.some((rule) => {
    if (rule.kind === 'exact') return rule.origin === origin
    const start = `${rule.scheme}://`
    const end = `.${rule.suffix}${rule.port}`
    if (!origin.startsWith(start) || !origin.endsWith(end)) return false
    return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(origin.slice(start.length, -end.length))
  })
}

/** Origins stand in settings and logs of the owner; anything longer than a host name can be is cut. */
const quote = (entry: string): string => `“${entry.slice(0, 100)}”`
