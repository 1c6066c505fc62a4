/** Checks the address of the Worker as an owner types it: first its form, then whether an edge answers there. */

export type Address = {
  /** The origin that the tag loads from; absent if the text is not an address. */
  origin?: string
  /** What is wrong, or was understood differently from what was typed. */
  said?: string
  /** This address need not be asked. */
  wrong?: true
}
export type Reached = { level: 'good' | 'warning' | 'bad'; text: string; pin?: { version: string; integrity: string } }

const LIKE = 'like https://caty-keyless-acme.you.workers.dev'
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/
/** Milliseconds: a Worker usually answers in a tenth of this. */
const PATIENCE_MS = 8000

/** `here` is this page's own origin if no edge is there. */
export function readAddress(typed: string, here?: string): Address {
  // Owners may paste the whole tag.
  const text = (/\bsrc\s*=\s*["']?([^"'\s>]+)/i.exec(typed)?.[1] ?? typed).trim()
  if (text === '') return {}
  const wrong = (said: string): Address => ({ said, wrong: true })
  if (/\bcaty_[A-Za-z0-9]/.test(text))
    return wrong(
      'This is a key. It belongs into the Worker alone and never into a page; here goes the Worker’s address.',
    )
  if (/^[^/:\s]+@[^/:\s]+$/.test(text)) return wrong(`This is an e-mail address; here goes the Worker’s, ${LIKE}.`)
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!/^https?:/i.test(withScheme) || !URL.canParse(withScheme) || /\s/.test(text))
    return wrong(`“${text}” is no web address; your Worker’s looks ${LIKE}.`)
  const url = new URL(withScheme)
  const { hostname } = url
  if (!LOCAL.test(hostname) && !/[.:]/.test(hostname.replace(/\.$/, '')))
    return wrong(`“${hostname}” is not a whole address; your Worker’s looks ${LIKE}.`)
  if (/(^|\.)catyai\.io$/.test(hostname)) return wrong(`${hostname} is Caty’s own; here goes your Worker’s, ${LIKE}.`)
  if (hostname === 'dash.cloudflare.com')
    return wrong(`This is Cloudflare’s dashboard. The page of your Worker shows its address there, ${LIKE}.`)
  if (url.origin === here)
    return wrong(`${url.host} is the page that you look at; here goes your Worker’s address, ${LIKE}.`)
  return taken(url, text)
}

function taken(url: URL, text: string): Address {
  const local = LOCAL.test(url.hostname)
  const insecure = url.protocol === 'http:' && !local
  if (insecure) url.protocol = 'https:'
  const { origin } = url
  const notes = [
    insecure && 'A page with https loads nothing by http, so the tag says https.',
    (url.username || url.password) && 'The name and password before the @ are left out: a tag is public.',
    (url.pathname !== '/' || url.search || url.hash || /[?#]$/.test(text)) &&
      `The tag needs ${origin} alone; what comes after it is left out.`,
    local && 'Only this computer reaches it: good for a trial.',
  ].filter((note) => typeof note === 'string' && note !== '')
  return { origin, ...(notes.length > 0 && { said: notes.join(' ') }) }
}

type Answer = { ok: boolean; json: unknown } | undefined

/**
 * Asks whether an edge is there, and for its state. Any page may read its list of hashes; only pages in
 * ALLOWED_ORIGINS may read its state. Never throws.
 */
export async function reach(origin: string, ask: typeof fetch = fetch): Promise<Reached> {
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const read = async (path: string): Promise<Answer> => {
    const response = await ask(origin + path, { signal, credentials: 'omit' }).catch(() => undefined)
    return response && { ok: response.ok, json: await response.json().catch(() => undefined) }
  }
  const [release, health] = await Promise.all([read('/integrity.json'), read('/health')])
  const pin = pinIn(release?.json)
  if (pin) return { ...stateOf(origin, pin.version, health?.json), pin }
  // Even without the right to read an answer, a page can learn whether the address answers.
  const anybody = await ask(origin, { signal, mode: 'no-cors', credentials: 'omit' }).then(Boolean, () => false)
  if (anybody || release || health)
    return {
      level: 'bad',
      text: `${origin} answers, but it is no Worker of Caty Keyless. Write the address that deploying printed, not your site’s own.`,
    }
  return {
    level: 'bad',
    text: `Nothing answers at ${origin}. Compare it letter by letter with the address that deploying printed.`,
  }
}

function stateOf(origin: string, version: string, health: unknown): Reached {
  const status = member(health, 'status')
  const upstream = member(health, 'upstream')
  const there = `Your Worker answers there (version ${version})`
  if (status === 'ok') return { level: 'good', text: `${there} and can speak with Caty.` }
  if (status === 'maintenance')
    return { level: 'warning', text: `${there}, and is in maintenance: take MAINTENANCE out of its settings.` }
  if (upstream === 'key_refused')
    return { level: 'bad', text: `${there}, but Caty refuses its key: put a valid CATY_API_KEY into it.` }
  if (status === 'degraded') return { level: 'warning', text: `${there}, but cannot reach Caty just now.` }
  const detail = member(health, 'detail')
  if (typeof detail === 'string') return { level: 'bad', text: `${there}, but says: ${detail}` }
  return { level: 'good', text: `${there}. Whether it is set up, ${origin}/health tells.` }
}

function pinIn(release: unknown): Reached['pin'] {
  const version = member(release, 'version')
  const integrity = member(member(release, 'files'), 'widget.js')
  return typeof version === 'string' && typeof integrity === 'string' ? { version, integrity } : undefined
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined
