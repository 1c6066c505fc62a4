/** What the outbox keeps, for how long, and how much of it at most. */
import { env, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { Ledger } from '../../edge/ledger/index.ts'
import { DEAD_MS, MAX_DEAD } from '../../edge/outbox/dead-letters.ts'
import { SEEN_MS } from '../../edge/outbox/seen.ts'
import { MAX_PENDING } from '../../edge/outbox/store.ts'
import {
  delivery,
  HOUR_S,
  type LedgerObject,
  newLedger,
  nextAlarm,
  passTime,
  START,
  simulateTime,
  targetBack,
  targetDown,
} from './outbox-time.ts'
import { resetSandbox } from './sandbox.ts'
import { arrivals, targetUp } from './webhook-client.ts'

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

  it('remembers an event whose time nobody can read for a year, and one of the future for as long as it is valid', async () => {
    const ledger = newLedger()
    await targetUp()
    const timeless = { ...delivery('a'), happened: undefined }
    const ahead = { ...delivery('b'), happened: START + 2 * SEEN_MS }
    for (const each of [timeless, ahead]) await ledger.acceptDelivery(each)
    await passTime(ledger, (3 * SEEN_MS) / 1000 - 1)
    for (const each of [timeless, ahead]) expect(await ledger.acceptDelivery(each)).toBe('known')
    await passTime(ledger, (3 * SEEN_MS) / 1000 + HOUR_S)
    expect(await ledger.acceptDelivery(ahead)).toBe('first')
    await passTime(ledger, 365 * 24 * HOUR_S)
    expect(await ledger.acceptDelivery(timeless)).toBe('known')
    await passTime(ledger, 367 * 24 * HOUR_S)
    expect(await ledger.acceptDelivery(timeless)).toBe('first')
  })

  it('of an older version goes on: its table gets what is missing, and its events are delivered', async () => {
    const ledger = newLedger()
    await targetUp()
    await runInDurableObject(ledger, async (_ledger, state) => {
      const { sql } = state.storage
      sql.exec('DROP TABLE outbox')
      sql.exec(`CREATE TABLE outbox (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, event TEXT NOT NULL,
        body TEXT NOT NULL, received INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER,
        fault TEXT NOT NULL DEFAULT '', died INTEGER)`)
      sql.exec(
        "INSERT INTO outbox (id, conversation, event, body, received, due) VALUES ('msg_old', 'a', 'lead.captured', '{}', 1, 1)",
      )
      const updated = new Ledger(state, { ...env })
      await updated.acceptDelivery(delivery('a', 'msg_new', 'lead_1'))
    })
    await passTime(ledger, 10)
    expect((await arrivals()).map(({ id, body }) => [id, body.id])).toEqual([
      ['msg_old', undefined],
      ['msg_new', 'msg_new'],
    ])
  })
})

describe('two caps', () => {
  const fill = (ledger: LedgerObject, count: number, due: number | null) =>
    runInDurableObject(ledger, async (_ledger, { storage }) => {
      for (let n = 0; n < count; n++) {
        storage.sql.exec(
          "INSERT INTO outbox (id, conversation, event, body, received, due, died) VALUES (?, '', 'message.received', '{}', ?, ?, ?)",
          ...[`old_${due === null ? 'dead' : 'pending'}_${n}`, START, due, due === null ? START : null],
        )
      }
    })

  it('what does not fit beside other pending events is not acknowledged', async () => {
    const ledger = newLedger()
    await fill(ledger, MAX_PENDING, START)
    expect(await ledger.acceptDelivery(delivery('a'))).toBe('full')
    await runInDurableObject(ledger, (_ledger, { storage }) => {
      storage.sql.exec("DELETE FROM outbox WHERE id = 'old_pending_0'")
    })
    expect(await ledger.acceptDelivery(delivery('a'))).toBe('first')
  })

  it('dead letters take no room of new events, and a full shelf of them loses none', async () => {
    const ledger = newLedger()
    await fill(ledger, MAX_DEAD, null)
    await targetUp()
    expect(await ledger.acceptDelivery(delivery('a', 'msg_new'))).toBe('first')
    await passTime(ledger, 0)
    expect((await arrivals()).map(({ id }) => id)).toEqual(['msg_new'])
    // One that nobody takes has no place among the dead: it is tried on, every eight hours.
    await resetSandbox()
    await targetDown()
    await ledger.acceptDelivery(delivery('b', 'msg_dying'))
    await passTime(ledger, 40 * HOUR_S)
    expect(await ledger.listDeadLetters()).toMatchObject({ waiting: 1, total: MAX_DEAD })
    await targetBack()
    await passTime(ledger, 48 * HOUR_S)
    expect((await arrivals()).map(({ id }) => id)).toEqual(['msg_dying'])
    expect(await ledger.discardDeadLetters(undefined)).toBe(MAX_DEAD)
    expect(await ledger.listDeadLetters()).toEqual({ waiting: 0, total: 0, dead: [] })
  })

  it('dead letters that are sent again leave half of the room', async () => {
    const ledger = newLedger()
    await fill(ledger, MAX_DEAD, null)
    expect(await ledger.redriveDeadLetters(undefined)).toBe(MAX_PENDING / 2)
    expect(await ledger.redriveDeadLetters(['old_dead_4999'])).toBe(0)
    expect(await ledger.acceptDelivery(delivery('a'))).toBe('first')
  })
})
