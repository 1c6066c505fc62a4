/** Caty as a sender of webhooks over HTTP. */
import { createHmac, randomUUID } from 'node:crypto'

/** One event of a conversation, as the body of a webhook. Each is another. */
export const messageReceived = (session_id: string, message: string = randomUUID()): string =>
  JSON.stringify({
    event: 'message.received',
    timestamp: new Date().toISOString(),
    widget_id: 'wgt_1',
    data: { session_id, message },
  })

/** The status, or `undefined` when there was no answer. */
export async function sendWebhook(edge: string, body: string, secret: string): Promise<number | undefined> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(`${edge}/webhooks/caty`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Caty-Signature': `sha256=${signature}` },
    body,
  }).catch(() => undefined)
  return response?.status
}
