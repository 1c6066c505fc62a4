/** Tells Caty what the visitor did with one of its proactive messages. */
import type { Core } from '../../chunk-api/core.ts'
import type { BubbleEnd } from '../../chunk-api/page.ts'

/** Sends nothing for a bubble without an id, and for one that the visitor neither clicked nor dismissed. */
export async function report(core: Core, how: BubbleEnd, message_id: string | undefined): Promise<void> {
  if (!message_id || (how !== 'clicked' && how !== 'dismissed')) return
  const connection = await core.connection()
  const session_id = await connection.session()
  const [path, more] = how === 'clicked' ? ['engaged', { action: 'clicked' }] : ['dismissed', {}]
  await connection.call(`/api/widget/proactive/${path}`, { session_id, message_id, ...more })
}
