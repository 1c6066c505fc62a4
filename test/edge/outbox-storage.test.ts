/** What the outbox keeps, for how long, and how much of it at most. */
import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { DEAD_MS, MAX_DELIVERIES, SEEN_MS } from '../../edge/outbox/store.ts'
import { delivery, HOUR_S, newLedger, nextAlarm, passTime, START, simulateTime, targetDown } from './outbox-time.ts'
import { targetUp } from './webhook-client.ts'

simulateTime()

describe('the storage', () => {
  it('remembers an event for seven days, and nothing of it after that', async () => {
    const ledger = newLedger()
    await targetUp()
    const one = delivery('a')
    expect(await ledger.acceptDelivery(one)).toBe('first')
    await passTime(ledger, SEEN_MS / 1000 - 1)
    expect(await ledger.acceptDelivery(one)).toBe('known')
    await passTime(ledger, SEEN_MS / 1000 + HOUR_S)
    const left = await runInDurableObject(ledger, (_ledger, { storage }) =>
      ['webhooks_seen', 'outbox'].map((table) =>
        Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n),
      ),
    )
    expect(left).toEqual([0, 0])
    expect(await nextAlarm(ledger)).toBeNull()
    expect(await ledger.acceptDelivery(one)).toBe('first')
  })

  it('forgets a dead letter after thirty days', async () => {
    const ledger = newLedger()
    await targetDown()
    await ledger.acceptDelivery(delivery('a'))
    await passTime(ledger, DEAD_MS / 1000)
    expect((await ledger.listDeadLetters()).dead).toHaveLength(1)
    await passTime(ledger, DEAD_MS / 1000 + 24 * HOUR_S)
    expect((await ledger.listDeadLetters()).dead).toEqual([])
  })

  it('is bounded: what does not fit is not acknowledged', async () => {
    const ledger = newLedger()
    await runInDurableObject(ledger, async (_ledger, { storage }) => {
      for (let n = 0; n < MAX_DELIVERIES; n++) {
        storage.sql.exec(
          "INSERT INTO outbox (id, conversation, event, body, received, due) VALUES (?, ?, 'message.received', '{}', ?, ?)",
          ...[`old_${n}`, `old_${n}`, START, START],
        )
      }
    })
    expect(await ledger.acceptDelivery(delivery('a'))).toBe('full')
    await runInDurableObject(ledger, (_ledger, { storage }) => {
      storage.sql.exec("DELETE FROM outbox WHERE id = 'old_0'")
    })
    expect(await ledger.acceptDelivery(delivery('a'))).toBe('first')
  })
})
