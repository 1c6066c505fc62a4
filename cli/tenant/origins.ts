/** Origins as people type them, on a command line or as an answer. */
import { secretsIn } from '../base/secret-patterns.ts'

/** As the Worker wants them: one comma between two, no slash at the end, the host in small letters. */
export const tidyOrigins = (text: string): string =>
  text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(tidyOrigin)
    .join(', ')

function tidyOrigin(entry: string): string {
  const [, origin = entry, path = ''] = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(entry) ?? []
  // A path says that a page was meant: the Worker's own sentence tells which origin it has.
  return path === '' || path === '/' ? origin.toLowerCase() : entry
}

/** Is it plain HTTP, and not this machine? Browsers have no key pairs there. No entry with a password, because it is repeated. */
export const plainOrigin = (entry: string): boolean =>
  /^http:\/\/(?!\*|(localhost|127\.0\.0\.1|\[::1\])(:|$))[^@]*$/.test(entry)

/** The Worker's sentences whose advice is one way of writing the entry. */
const REWRITTEN =
  /^(needs a scheme|is more than an origin|must be in lower case|names the default port|must be written as browsers send it)\b/

/**
 * The Worker names an entry of a list by its place, because it does not know what may be repeated. Here the text is at
 * hand, and the advice is what to write. A secret that stands in the wrong place is not repeated, and nothing of a list with
 * an `@`: before it stands a password, which may hold the list's comma too.
 */
export function withEntry(why: string, list: string): string {
  const [, place, rest] = /^entry (\d+) (.*)$/s.exec(why) ?? []
  const entry = list.split(',')[Number(place) - 1]?.trim()
  if (!entry || rest === undefined || list.includes('@') || secretsIn(entry).length > 0) return why
  const said = `entry “${entry.slice(0, 100)}”`
  if (/^file:/i.test(entry)) return `${said} is a file, and files have no origin: list the address of your site`
  const [problem] = REWRITTEN.exec(rest) ?? []
  const meant = originMeant(entry)
  return problem === undefined || meant === undefined ? `${said} ${rest}` : `${said} ${problem}: write ${meant}`
}

/** The origin of what somebody wrote, which may lack its scheme or be a page's address. */
function originMeant(entry: string): string | undefined {
  const address = /^https?:\/\//i.test(entry) ? entry : `https://${entry.replace(/^(https?:)?\/*/i, '')}`
  return URL.canParse(address) && /\.|localhost/.test(address) ? new URL(address).origin : undefined
}

/** The check by the whole Public Suffix List says the same, and names the suffix. */
export const saidBetter = (why: string): boolean => why.includes('would allow every site')
