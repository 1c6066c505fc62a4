/** The greeting beside the launcher: a few seconds after the page has loaded, once a session, never while the visitor writes. */
import type { Core } from '../../chunk-api/core.ts'
import { isEditing } from '../../chunk-api/focus.ts'
import { membersOf } from '../../chunk-api/untrusted.ts'
import type { Store } from '../../client/storage.ts'

const DELAY_MS = 3000
/** How often is looked whether the visitor still writes. A frame does not tell when its fields lose the focus. */
const AFTER_EDITING_MS = 2000

/** `hasChat`: the visitor has a conversation already. Returns a function that cancels the greeting. */
export function scheduleGreeting(core: Core, tabStore: Store, hasChat: boolean): () => void {
  const { greeting } = core.config.behavior ?? {}
  const isWanted = membersOf(core.rawOptions.behavior).showOnLoad ?? greeting?.show_on_load ?? greeting
  const { launcher, layout } = core.options()
  if (!isWanted || hasChat || launcher === 'none' || layout === 'inline') return () => undefined
  const ending = new AbortController()
  const once = { once: true, signal: ending.signal }
  let timer = setTimeout(greet, greeting?.delay_ms ?? DELAY_MS)

  function greet(): void {
    if (core.isOpen || core.hasSentMessage || tabStore.get('greeted')) return
    if (document.hidden) document.addEventListener('visibilitychange', greet, once)
    else if (isEditing()) timer = setTimeout(greet, AFTER_EDITING_MS)
    // A blocked chunk costs the greeting and nothing else.
    else show().catch(() => 0)
  }
  async function show(): Promise<void> {
    tabStore.set('greeted', 1)
    const [bubble, strings] = await Promise.all([core.load('bubble'), core.load(core.language())])
    if (ending.signal.aborted || core.isOpen) return
    await bubble.showBubble(core, core.options().greeting ?? strings.default.greeting, { type: 'greeting' })
  }
  return () => {
    ending.abort()
    clearTimeout(timer)
  }
}
