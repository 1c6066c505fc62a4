/** Settings of the edge under test. The key is random in every run, so a search finds the key and nothing else. */
import { randomBytes } from 'node:crypto'

export const DEMO_KEY = `caty_${randomBytes(16).toString('hex')}`
export const TEST_TOKEN_SECRETS = `k1:${randomBytes(32).toString('base64url')}`
/** The origin of the page that carries the widget in tests of the edge. */
export const TEST_ORIGIN = 'https://shop.example'
/** The origin of the owner's dashboard. */
export const ADMIN_ORIGIN = 'https://dashboard.example'

const whsec = () => `whsec_${randomBytes(32).toString('base64')}`
export const TEST_WEBHOOKS = {
  CATY_WEBHOOK_SECRETS: `${randomBytes(24).toString('hex')},${randomBytes(24).toString('hex')}`,
  // The receiver is about to change its secret.
  WEBHOOK_TARGET_SECRET: `${whsec()},${whsec()}`,
}
