/** Sends webhooks over HTTP as Caty does. */
import { createHmac, randomUUID } from 'node:crypto'

/** Makes one event of a conversation as the body of a webhook. Each event is different. */
export const messageReceived = (session_id: string, message: string = randomUUID()): string =>
  JSON.stringify({
    event: 'message.received',
    timestamp: new Date().toISOString(),
    widget_id: 'wgt_1',
    data: { session_id, message },
  })

/** Returns the status, or `undefined` without an answer. */
export async function sendWebhook(edge: string, body: string, secret: string): Promise<number | undefined> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(`${edge}/webhooks/caty`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Caty-Signature': `sha256=${signature}` },
    body,
  }).catch(() => undefined)
  return response?.status
}
