/** The defences of webhooks, in and out. */
import { edge, type Mutant } from './mutant.ts'

const WEBHOOK = 'webhook forgery and replay'

export const WEBHOOK_MUTANTS: readonly Mutant[] = [
  edge(
    WEBHOOK,
    'the signature is verified',
    'api/webhooks/receive.ts',
    'if (!(await signedByOneOf(body, signature, await incomingKeys(settings.webhooks)))) {',
    'if ((await incomingKeys(settings.webhooks)).length < 0) {',
    'webhook',
  ),
  edge(
    WEBHOOK,
    'the raw bytes are what is signed',
    'api/webhooks/receive.ts',
    'signedByOneOf(body, signature,',
    'signedByOneOf(new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body)))), signature,',
    'webhook',
  ),
  {
    ...edge(
      WEBHOOK,
      'nothing but 64 hex digits is a signature',
      '',
      '([0-9a-fA-F]{64})$/',
      '([0-9a-fA-F]{64})/',
      'webhook',
    ),
    file: 'webhook/signature.ts',
  },
  edge(
    WEBHOOK,
    'the same delivery counts once',
    'outbox/store.ts',
    "if (known.toArray().length > 0) return 'known'",
    '',
    'webhook',
  ),
  edge(
    WEBHOOK,
    'a delivery is signed afresh',
    'outbox/deliver.ts',
    'headers: { ...signed,',
    "headers: { 'webhook-id': signed['webhook-id'] ?? '',",
    'webhook',
  ),
  edge(
    WEBHOOK,
    'a delivery follows no redirect',
    'outbox/deliver.ts',
    "redirect: 'manual',",
    "redirect: 'follow',",
    'outbox',
  ),
  edge(
    WEBHOOK,
    'only the oldest event of a conversation goes out',
    'outbox/store.ts',
    'older.due IS NOT NULL AND older.seq < head.seq)`',
    'older.due IS NOT NULL AND older.seq < 0)`',
    'outbox',
  ),
  edge(
    WEBHOOK,
    'a letter that the queue brings twice is delivered once',
    'ledger/index.ts',
    "if ((this.#claims.get(id) ?? 0) > Date.now()) return { kind: 'busy' }",
    '',
    'webhook-queue',
  ),
  edge(
    WEBHOOK,
    'an event is on disk before it is acknowledged',
    'api/webhooks/receive.ts',
    "if (accepted === 'full' || accepted === 'ledger') {",
    "if (accepted === 'full') {",
    'webhook',
  ),
  edge(
    WEBHOOK,
    'dead letters are for who holds the key',
    'api/webhooks/operator.ts',
    'if (!(await standardSigned(request.headers, body, keys, platform.now())))',
    'if (keys.length < 0)',
    'dead-letters',
  ),
]
