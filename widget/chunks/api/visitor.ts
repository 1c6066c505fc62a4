/** Who the page says the visitor is. */
import type { Core } from '../../chunk-api/core.ts'
import { membersOf } from '../../chunk-api/untrusted.ts'
import { createStore, type Store } from '../../client/storage.ts'
import { eventData } from './event-data.ts'

type Visitor = Readonly<Record<string, unknown>>

/** What the page said, until `clearSession()`. */
let known: Visitor | undefined
const following = new WeakSet<Core>()

/** Tells Caty who the visitor is: now, if a session is open, and with each session that opens later. */
export async function identify(core: Core, visitor: unknown): Promise<void> {
  known = { ...known, ...membersOf(eventData(visitor)) }
  follow(core)
  if (core.isOpen || core.hasSentMessage) storeOf(core).set('visitor', known)
  // Naming the visitor is no reason to open a session, and before the first token there cannot be one.
  if (core.bearerToken && (await core.connection()).currentSession() !== undefined) await tell(core)
}

/** Goes on with what an earlier page said. */
export function restoreVisitor(core: Core): void {
  known ??= membersOf(eventData(storeOf(core).get('visitor')))
  follow(core)
}

export function forgetVisitor(): void {
  known = undefined
}

/** The panel's own store. As there, nothing is stored until the visitor wants to chat. */
function storeOf(core: Core): Store {
  const { edge, widgetId, consent } = core.options()
  const mayStore = () => consent !== 'denied' && (core.hasSentMessage || (core.isOpen && consent !== 'required'))
  return createStore(() => localStorage, `caty ${edge} ${widgetId} `, mayStore)
}

function follow(core: Core): void {
  if (following.has(core)) return
  following.add(core)
  core.on('session', () => void tell(core).catch(() => 0))
  core.on('open', () => known && storeOf(core).set('visitor', known))
}

async function tell(core: Core): Promise<void> {
  const connection = await core.connection()
  if (known)
    await connection.call(
      `/api/widget/session/${await connection.session()}`,
      { visitor_info: known },
      { method: 'PATCH' },
    )
}
