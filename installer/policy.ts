/** Reads a Content Security Policy as far as it decides whether the widget may load and call its edge. */

export type Policy = ReadonlyMap<string, readonly string[]>

/** Directives by name; the first of each name counts, as in browsers (CSP3 section 2.2.1). */
export function parsePolicy(text: string): Policy {
  const directives = new Map<string, string[]>()
  for (const part of text.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/)
    const key = name.toLowerCase()
    if (key !== '' && !directives.has(key)) directives.set(key, sources)
  }
  return directives
}

/** Whether a script of `origin` may load. `nonce` is the one on its tag. */
export function allowsScript(policy: Policy, origin: string, nonce: string | null): boolean {
  const sources = policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src')
  if (!sources) return true
  const nonced = nonce !== null && sources.includes(`'nonce-${nonce}'`)
  // 'strict-dynamic' ignores hosts; without it the chunks still need the host.
  if (sources.includes("'strict-dynamic'")) return nonced
  return sources.some((source) => matches(source, origin))
}

export function allowsCalls(policy: Policy, origin: string): boolean {
  const sources = policy.get('connect-src') ?? policy.get('default-src')
  return !sources || sources.some((source) => matches(source, origin))
}

/** Matches a source as CSP3 section 6.7.2.8 does, for origins. */
function matches(source: string, origin: string): boolean {
  const { protocol, hostname, port } = new URL(origin)
  if (source === '*') return true
  if (/^https?:$/i.test(source))
    return source.toLowerCase() === protocol || (source === 'http:' && protocol === 'https:')
  const [, scheme, host = '', wanted] = /^(?:(https?):\/\/)?([^/:']+)(?::(\d+|\*))?(?:\/.*)?$/i.exec(source) ?? []
  if (host === '') return false
  if (scheme !== undefined && `${scheme.toLowerCase()}:` !== protocol && !(scheme === 'http' && protocol === 'https:'))
    return false
  if (wanted !== undefined ? wanted !== '*' && wanted !== port : port !== '') return false
  return host.startsWith('*.') ? hostname.endsWith(host.slice(1).toLowerCase()) : host.toLowerCase() === hostname
}
