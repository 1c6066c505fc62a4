/** The settings of webhooks, in and out. */
import { Secret } from '../base/secret.ts'

export type WebhookTarget = {
  url: string
  /** The first is the newest; a delivery carries a signature by each, so a receiver can change its own in peace. */
  secrets: readonly Secret[]
}
export type WebhookSettings = {
  /** Any of them may have signed what comes in; none means that webhooks are not taken. */
  secrets: readonly Secret[]
  /** Absent: what comes in is kept as a dead letter until somebody says where to send it. */
  target: WebhookTarget | undefined
  delivery: 'ledger' | 'queue'
}

/** The part of the settings' reader that is needed here. */
type Reader = {
  text: (setting: string) => string | undefined
  refuse: (setting: string, why: string) => void
  choice: <const T extends string>(setting: string, choices: readonly T[], otherwise: T) => T
}

/** Never throws; mistakes go to the reader. */
export function readWebhooks(read: Reader): WebhookSettings {
  return {
    secrets: readSecrets(read),
    target: readTarget(read),
    delivery: read.choice('WEBHOOK_DELIVERY', ['ledger', 'queue'], 'ledger'),
  }
}

function readSecrets(read: Reader): Secret[] {
  const entries = listOf(read.text('CATY_WEBHOOK_SECRETS'))
  if (entries.includes('')) read.refuse('CATY_WEBHOOK_SECRETS', 'has an empty entry: remove the extra comma')
  return entries.filter((entry) => entry !== '').map((entry) => new Secret(entry))
}

/** Both or none: a delivery without a signature would teach the receiver to take anybody's. */
function readTarget(read: Reader): WebhookTarget | undefined {
  const url = read.text('WEBHOOK_TARGET_URL')
  const secrets = listOf(read.text('WEBHOOK_TARGET_SECRET'))
  if (url === undefined && secrets.length === 0) return undefined
  if (url === undefined) {
    read.refuse('WEBHOOK_TARGET_URL', 'is missing, and WEBHOOK_TARGET_SECRET is set: set both or none')
  } else if (!isTarget(url)) {
    read.refuse(
      'WEBHOOK_TARGET_URL',
      'must be a URL that starts with https:// (http:// is for this machine only), without user name and fragment',
    )
  }
  if (secrets.length === 0) {
    read.refuse('WEBHOOK_TARGET_SECRET', 'is missing, and WEBHOOK_TARGET_URL is set: set both or none')
  } else if (!secrets.every(isStandardSecret)) {
    read.refuse(
      'WEBHOOK_TARGET_SECRET',
      'must be whsec_ and the base64 of 16 to 64 random bytes (24 or more are usual)',
    )
  }
  return url === undefined ? undefined : { url, secrets: secrets.map((secret) => new Secret(secret)) }
}

const listOf = (text: string | undefined): string[] => text?.split(',').map((entry) => entry.trim()) ?? []

function isTarget(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || url.username || url.password || url.hash) return false
  const local = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && local)
}

/** Standard Webhooks, "Symmetric signatures": base64, with the prefix `whsec_` or as the bare text. */
function isStandardSecret(text: string): boolean {
  const [, letters] = STANDARD_SECRET.exec(text) ?? []
  return letters !== undefined && letters.length % 4 !== 1
}
/** 22 letters are 16 bytes, 86 are 64. */
const STANDARD_SECRET = /^(?:whsec_)?([A-Za-z0-9+/]{22,86})={0,2}$/
