/** A tenant's name, every name at Cloudflare that follows from it, and the names that an owner brings. */
import { createHash } from 'node:crypto'

const NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/

/** A sentence when the name does not fit; it becomes a host name, a folder and part of names at Cloudflare. */
export function nameMistake(name: string): string | undefined {
  if (NAME.test(name) && !name.includes('--')) return undefined
  const rule = 'use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter'
  const meant = name
    .toLowerCase()
    .replace(/^https?:\/\/(www\.)?|\.[a-z]+\/?$/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 40)
  return `“${name.slice(0, 60)}” is not a tenant name: ${rule}${NAME.test(meant) ? `, as in ${meant}` : ''}.`
}

/** `what` names the value as it was typed, `--account` or a place in a file. */
export const accountMistake = (what: string, id: string): string | undefined =>
  /^[0-9a-f]{32}$/.test(id)
    ? undefined
    : `${what} “${id.slice(0, 40)}” is not the id of a Cloudflare account: it has 32 characters, 0 to 9 and a to f, and npx wrangler whoami shows it.`

/** A host name for the edge; `origins` are those of the pages. `what` names the value as it was typed. */
export function domainMistake(what: string, host: string, origins: string): string | undefined {
  const shown = host.slice(0, 100)
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(host)) {
    return `${what} ${shown} must be a host name alone, as in chat.example.com: no scheme, port, path or star.`
  }
  if (origins.split(/[\s,]+/).includes(`https://${host}`)) {
    return `${what} ${shown} is the host of a page, and the Worker would take the page's place: choose another, as in chat.${host.replace(/^www\./, '')}.`
  }
  return undefined
}

/** The prefix keeps a deploy from replacing a Worker that the account has for something else. */
export const workerName = (tenant: string): string => `caty-${tenant}`
export const datasetName = (tenant: string): string => `caty_keyless_${tenant.replaceAll('-', '_')}`
export const queueName = (tenant: string, base: string): string =>
  `caty-${tenant}-${base.replace(/^caty-keyless-/, '')}`

/**
 * A rate limit's namespace: Workers of one account that share one share its counters, so it comes from the tenant and
 * the binding. 31 bits of SHA-256: with 500 tenants two meet once in a thousand accounts, and `check` finds that.
 */
export function namespaceId(tenant: string, binding: string): string {
  const number = createHash('sha256').update(`caty-keyless/${tenant}/${binding}`).digest().readUInt32BE(0)
  return String((number % 0x7fff_ffff) + 1)
}
