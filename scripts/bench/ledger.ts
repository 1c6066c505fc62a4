/**
 * What a message costs the ledger: rows read and written, as billed, counted by the cursors of its own SQL. The real
 * ledger runs in workerd over SQLite; only its clock is moved, so that a day at full rate takes seconds.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import * as v from 'valibot'
import { runWorker } from '../workerd/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const MESSAGES = 2000
/** The default rate of a tenant, at which the queue of messages and the counts over it are largest. */
const PER_MINUTE = 18

/** Counts the rows that the real ledger's statements read and write. A cursor knows its rows once it is read to the end. */
const COUNTING = `
import { Ledger as Real } from './edge/ledger/index.ts'
let now = Date.UTC(2026, 10, 25)
Date.now = () => now
export class Ledger extends Real {
  cursors = []
  constructor(state, env) {
    super(state, env)
    const { storage } = state
    const sql = { exec: (...query) => { const cursor = storage.sql.exec(...query); this.cursors.push(cursor); return cursor } }
    const counted = {
      sql,
      // Alarms are stored here, because real ones follow the real clock.
      getAlarm: async () => this.alarmAt,
      setAlarm: async (at) => { this.alarmsSet++; this.alarmAt = at },
      transactionSync: (work) => storage.transactionSync(work),
    }
    Object.defineProperty(this, 'ctx', { value: { storage: counted } })
  }
  alarmsSet = 0
  alarmAt = null
  async ring() {
    if (this.alarmAt === null || this.alarmAt > now) return
    this.alarmAt = null
    await this.alarm()
  }
  count() {
    const sum = { read: 0, written: 0 }
    for (const cursor of this.cursors) { sum.read += cursor.rowsRead; sum.written += cursor.rowsWritten }
    const written = sum.written + this.alarmsSet
    this.cursors = []
    this.alarmsSet = 0
    return { read: sum.read, written }
  }
  async measure(messages, perMinute) {
    const limits = { perVisitor: 6, perTenant: perMinute, perDay: 1e6 }
    let refused = 0
    this.count()
    for (let at = 0; at < messages; at++) {
      now += Math.ceil(60000 / perMinute) + 1
      const visitor = 'vis_' + (at % 9)
      const idempotency = { id: 'i' + at, fingerprint: 'f' }
      const admitted = await this.admit({ visitor, address: visitor, limits, key: 'k', callsPerMinute: 95, idempotency })
      if (admitted.kind !== 'go') refused++
      else await this.answered('i' + at, 'x'.repeat(400))
      await this.ring()
    }
    const { read, written } = this.count()
    // Other calls to Caty, each from an isolate that has no permit left.
    for (let at = 0; at < messages; at++) {
      now += 3000
      await this.leaseCalls({ key: 'k', lane: 'first', wanted: 1, perMinute: 95 })
      await this.ring()
    }
    const ofCalls = this.count()
    // Webhook events that go through a queue: accepted, claimed by the consumer, settled.
    const events = 500
    for (let at = 0; at < events; at++) {
      now += 60000
      const id = 'e' + at
      const body = new TextEncoder().encode('x'.repeat(400))
      await this.acceptDelivery({ id, event: 'lead.captured', conversation: 'c' + at, lead: 'l' + at, happened: now, body })
      await this.claimDelivery(id)
      await this.settleDelivery(id, { ok: true })
    }
    const ofEvents = this.count()
    return {
      refused,
      message: { rowsRead: read / messages, rowsWritten: written / messages },
      call: { rowsRead: ofCalls.read / messages, rowsWritten: ofCalls.written / messages },
      event: { rowsRead: ofEvents.read / events, rowsWritten: ofEvents.written / events },
    }
  }
}
export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/measure') return new Response()
    return Response.json(await env.LEDGER.getByName('tenant').measure(${MESSAGES}, ${PER_MINUTE}))
  },
}
`

const Rows = v.object({ rowsRead: v.number(), rowsWritten: v.number() })
const Answer = v.object({ refused: v.number(), message: Rows, call: Rows, event: Rows })
/** Rows for one message (its two ledger calls and its share of the cleanup), one other call to Caty, and one webhook event. */
export type LedgerFigures = Pick<v.InferOutput<typeof Answer>, 'message' | 'call' | 'event'>

export async function measureLedger(): Promise<LedgerFigures> {
  const { outputFiles } = await build({
    stdin: { contents: COUNTING, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['cloudflare:workers'],
  })
  const worker = await runWorker({
    source: outputFiles[0]?.text ?? '',
    port: 18_790,
    vars: {},
    storage: mkdtempSync(join(tmpdir(), 'caty-keyless-bench-')),
  })
  try {
    const answer = v.parse(Answer, await (await fetch(`${worker.url}/measure`)).json())
    if (answer.refused > 0) throw new Error(`the ledger refused ${answer.refused} messages that came at its own pace`)
    return { message: answer.message, call: answer.call, event: answer.event }
  } finally {
    await worker.kill()
  }
}
