/** What Caty posts, and what it is answered. */

type Json = Record<string, unknown>

/** The description of `POST /webhooks/caty`; `event` is the schema that the Worker reads the body with. */
export const webhookPath = (event: Json, refusal: (description: string) => Json): Json => ({
  post: {
    summary: 'An event from Caty, kept and then delivered to WEBHOOK_TARGET_URL',
    security: [{ catySignature: [] }],
    requestBody: { required: true, content: { 'application/json': { schema: event } } },
    responses: {
      '202': {
        description: 'It is on disk. `duplicate` says that it had come before.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['success', 'id', 'duplicate'],
              properties: { success: { const: true }, id: { type: 'string' }, duplicate: { type: 'boolean' } },
            },
          },
        },
      },
      '400': refusal('It is signed, and no event that Caty documents; `field` names the member.'),
      '401': refusal('The signature does not count.'),
      '413': refusal('The body is too large.'),
      '503': refusal('No secret is set, or the event could not be stored: send it again.'),
    },
  },
})

export const CATY_SIGNATURE = {
  type: 'apiKey',
  in: 'header',
  name: 'X-Caty-Signature',
  description: 'The HMAC-SHA256 of the raw body in hex, bare or after `sha256=`.',
}
