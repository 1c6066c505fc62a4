/** A tenant's name, and every name at Cloudflare that follows from it. */
import { createHash } from 'node:crypto'

const NAME = /^[a-z][a-z0-9-]{0,38}[a-z0-9]$/

/** A sentence when the name does not fit; it becomes a host name, a folder and part of names at Cloudflare. */
export const nameMistake = (name: string): string | undefined =>
  NAME.test(name) && !name.includes('--')
    ? undefined
    : `“${name.slice(0, 60)}” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter.`

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
