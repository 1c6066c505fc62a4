/** Tells Caty what became of a message of its own that stood beside the launcher. */
import type { BubbleEnd, Core } from '../../chunk-api/core.ts'

/** Goes nowhere for words without an id, and for a bubble that nobody answered or closed. */
export async function report(core: Core, how: BubbleEnd, message_id: string | undefined): Promise<void> {
  if (!message_id || (how !== 'clicked' && how !== 'dismissed')) return
  const link = await core.link()
  const session_id = await link.session()
  const [path, more] = how === 'clicked' ? ['engaged', { action: 'clicked' }] : ['dismissed', {}]
  await link.call(`/api/widget/proactive/${path}`, { session_id, message_id, ...more })
}
