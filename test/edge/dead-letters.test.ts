/** The operator's way to the dead letters: for the holder of TOKEN_SECRETS, and nobody else learns that it is there. */
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../edge/base/bytes.ts'
import { standardHeaders } from '../../edge/outbox/standard.ts'
import type { NewDelivery } from '../../edge/outbox/store.ts'
import { KeyRing } from '../../edge/token/key-ring.ts'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { ask, json } from './client.ts'

const LIST = '{"action":"list"}'
const OTHER = `x:${'B'.repeat(42)}E`
const BODY = '{"email":"ada@example.org"}'
let delivery: NewDelivery = {
  id: '',
  conversation: '',
  lead: '',
  event: 'lead.captured',
  happened: undefined,
  body: utf8(BODY),
}

/** A ledger with one dead letter. */
let LEDGER: { of: string; getByName: () => unknown }
beforeEach(async () => {
  const ledger = env.LEDGER.getByName(crypto.randomUUID())
  delivery = { ...delivery, id: `msg_${crypto.randomUUID()}`, conversation: crypto.randomUUID() }
  // `ask` tells Workers apart by the text of their settings, which functions are no part of.
  LEDGER = { of: delivery.id, getByName: () => ledger }
  await ledger.acceptDelivery(delivery)
  await ledger.deadLetterDelivery(delivery.id)
})

type Change = {
  secrets?: string
  purpose?: 'webhook-operator' | 'dpop-nonce'
  ageS?: number
  headers?: Record<string, string>
}

async function command(
  body: string,
  { secrets = env.TOKEN_SECRETS, purpose = 'webhook-operator', ageS = 0, headers }: Change = {},
) {
  const { key } = await new KeyRing(parseTokenSecrets(secrets).secrets).signing(purpose)
  const signed = await standardHeaders({ id: 'op_1', at: new Date(Date.now() - ageS * 1000), body }, [key])
  return ask('/webhooks/dead-letters', { method: 'POST', headers: { ...signed, ...headers }, body }, { LEDGER })
}

const withoutTrace = async (response: Response) => {
  const { instance: _each, ...problem } = await json(response)
  return [response.status, problem, response.headers.get('Allow')]
}

describe('the holder of the key', () => {
  it('sees what is dead, without its content, and sends it again', async () => {
    const response = await command(LIST)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({
      success: true,
      waiting: 0,
      dead: [{ id: delivery.id, event: delivery.event }],
    })
    for (const secret of ['ada@', delivery.conversation]) expect(text).not.toContain(secret)
    expect(await json(await command(JSON.stringify({ action: 'retry', ids: ['msg_none'] })))).toMatchObject({
      revived: 0,
    })
    expect(await json(await command(JSON.stringify({ action: 'retry', ids: [delivery.id] })))).toMatchObject({
      revived: 1,
    })
    expect(await json(await command('{"action":"retry"}'))).toMatchObject({ revived: 0 })
  })

  it('sees the content of one that is asked for, byte for byte', async () => {
    const show = async (id: string) => (await json(await command(JSON.stringify({ action: 'show', id })))).letter
    expect(await show(delivery.id)).toMatchObject({ id: delivery.id, event: 'lead.captured', body: btoa(BODY) })
    expect(await show('msg_none')).toBeNull()
  })

  it('discards one, or all', async () => {
    const discard = async (ids?: string[]) =>
      (await json(await command(JSON.stringify({ action: 'discard', ids })))).discarded
    expect([await discard(['msg_none']), await discard([delivery.id]), await discard()]).toEqual([0, 1, 0])
    expect(await json(await command(LIST))).toMatchObject({ waiting: 0, total: 0, dead: [] })
  })

  it('may sign with any secret of the ring', async () => {
    const rotated = { LEDGER, TOKEN_SECRETS: `${OTHER},${env.TOKEN_SECRETS}` }
    const { key } = await new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets).signing('webhook-operator')
    const headers = await standardHeaders({ id: 'op_2', at: new Date(), body: LIST }, [key])
    expect((await ask('/webhooks/dead-letters', { method: 'POST', headers, body: LIST }, rotated)).status).toBe(200)
  })

  it('is told what is wrong with a command', async () => {
    expect((await command('{"action":"burn"}')).status).toBe(400)
    expect((await command('{')).status).toBe(400)
  })
})

describe('anybody else gets what every unknown path gets', () => {
  const unknown = async () => withoutTrace(await ask('/webhooks/nothing', { method: 'POST', body: LIST }))

  it.each([
    ['no signature', { headers: { 'webhook-signature': '' } }],
    ['a signature by another secret', { secrets: OTHER }],
    ['a signature by a key for something else', { purpose: 'dpop-nonce' as const }],
    ['an old one', { ageS: 301 }],
    ['one of the future', { ageS: -600 }],
    ['another time', { headers: { 'webhook-timestamp': '1' } }],
    ['another id', { headers: { 'webhook-id': 'op_9' } }],
    ['a time that is none', { headers: { 'webhook-timestamp': 'now' } }],
  ])('with %s', async (_what, change) => {
    expect(await withoutTrace(await command(LIST, change))).toEqual(await unknown())
  })

  it('with a signature of another command', async () => {
    const { key } = await new KeyRing(parseTokenSecrets(env.TOKEN_SECRETS).secrets).signing('webhook-operator')
    const headers = await standardHeaders({ id: 'op_1', at: new Date(), body: LIST }, [key])
    const body = '{"action":"retry"}'
    const response = await ask('/webhooks/dead-letters', { method: 'POST', headers, body }, { LEDGER })
    expect(await withoutTrace(response)).toEqual(await unknown())
  })

  it('with any method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const answer = async (path: string) => withoutTrace(await ask(path, { method }))
      expect(await answer('/webhooks/dead-letters')).toEqual(await answer('/webhooks/nothing'))
    }
  })
})
