/** The ring of token secrets must be rolled before anything else is. */
import { Stopped } from './mistake.ts'
import type { Tenant } from './project.ts'

/**
 * The key ring is rolled first: a visitor's calls go to either version, so each must know the key the other one signs
 * with, or he would be sent for a new token at every other call.
 */
export function refuseForeignRing(tenant: Tenant, deployed: readonly string[], wanted: readonly string[]): void {
  const [signing] = wanted
  if (deployed.length === 0 || signing === undefined) return
  const [signingNow] = deployed
  if (deployed.includes(signing) && signingNow !== undefined && wanted.includes(signingNow)) return
  throw new Stopped(
    'mistake',
    `TOKEN_SECRETS in secrets.env is not the ring that is deployed: put it back and change it with npm run tenant -- rotate ${tenant.name} TOKEN_SECRETS, then go on.`,
  )
}
