/** The webhooks of `npm start`: the sandbox sends them, the edge takes and delivers them, a demo receiver shows them. */
import { randomBytes } from 'node:crypto'
import type { Row } from './dashboard.ts'
import { freeOr } from './ports.ts'

export type WebhookPlan = {
  /** What Caty, or the sandbox in its place, signs with. */
  catySecrets: string
  /** Absent when the environment names a target of its own. */
  receiver: { port: number; secrets: string } | undefined
}

/** `undefined` when the real Caty is meant and no secret of a webhook is named. Throws `UserMistake` for a port in use. */
export async function planWebhooks(
  env: NodeJS.ProcessEnv,
  real: boolean,
  used: readonly number[],
): Promise<WebhookPlan | undefined> {
  const named = env.CATY_WEBHOOK_SECRETS || undefined
  if (real && named === undefined) return undefined
  const catySecrets = named ?? randomBytes(24).toString('hex')
  if (env.WEBHOOK_TARGET_URL) return { catySecrets, receiver: undefined }
  const port = await freeOr('RECEIVER_PORT', 8792, env, used)
  const secrets = env.WEBHOOK_TARGET_SECRET || `whsec_${randomBytes(32).toString('base64')}`
  return { catySecrets, receiver: { port, secrets } }
}

/** The settings of the edge. */
export function webhookSettings(plan: WebhookPlan | undefined): Record<string, string> {
  if (!plan) return {}
  const { catySecrets, receiver } = plan
  return {
    CATY_WEBHOOK_SECRETS: catySecrets,
    ...(receiver && {
      WEBHOOK_TARGET_URL: `http://127.0.0.1:${receiver.port}/hooks`,
      WEBHOOK_TARGET_SECRET: receiver.secrets,
    }),
  }
}

/** What the sandbox is told: where Caty would post to, and the newest secret. */
export function senderEnvironment(plan: WebhookPlan | undefined, edgePort: number): Record<string, string> {
  const [secret] = plan?.catySecrets.split(',') ?? []
  return secret === undefined
    ? {}
    : { SANDBOX_WEBHOOK_URL: `http://127.0.0.1:${edgePort}/webhooks/caty`, SANDBOX_WEBHOOK_SECRET: secret.trim() }
}

/** What the receiver is told. */
export const receiverEnvironment = ({ port, secrets }: { port: number; secrets: string }): Record<string, string> => ({
  RECEIVER_PORT: String(port),
  RECEIVER_SECRET: secrets.split(',')[0]?.trim() ?? '',
})

/** Lines of the table that `npm start` prints. */
export const webhookRows = (plan: WebhookPlan | undefined): Row[] =>
  plan?.receiver ? [['webhooks', `http://localhost:${plan.receiver.port}`, 'verified events, as they come']] : []
