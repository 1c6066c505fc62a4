/** The greeting beside the launcher: a few seconds after the page has loaded, once a session, never to somebody who is busy. */

import type { BubbleModule, Core, StringsModule } from '../../chunk-api/core.ts'
import type { Store } from '../../client/storage.ts'

const AFTER_MS = 3000
/** After the visitor has left a field he may be on his way to the next. */
const LATER_MS = 2000

/** `known` says that the visitor has a conversation already. Returns the way to end it. */
export function scheduleGreeting(core: Core, session: Store, known: boolean): () => void {
  const { greeting } = core.config.behavior ?? {}
  const wanted = Object(core.wishes.behavior).showOnLoad ?? greeting?.show_on_load ?? greeting
  const { launcher, layout } = core.options()
  if (!wanted || known || launcher === 'none' || layout === 'inline') return () => undefined
  const ending = new AbortController()
  const once = { once: true, signal: ending.signal }
  let timer = setTimeout(greet, greeting?.delay_ms ?? AFTER_MS)

  function greet(): void {
    if (core.isOpen || core.spoke || session.get('greeted')) return
    if (document.hidden) document.addEventListener('visibilitychange', greet, once)
    else if (isEditing()) document.addEventListener('focusout', later, once)
    // A chunk may be blocked; a greeting is not worth an error.
    else show().catch(() => 0)
  }
  function later(): void {
    timer = setTimeout(greet, LATER_MS)
  }
  async function show(): Promise<void> {
    session.set('greeted', 1)
    const [bubble, words] = await Promise.all([
      core.load<BubbleModule>('bubble'),
      core.load<StringsModule>(core.language()),
    ])
    if (ending.signal.aborted || core.isOpen) return
    await bubble.showBubble(core, core.options().greeting ?? words.default.greeting, { type: 'greeting' })
  }
  return () => {
    ending.abort()
    clearTimeout(timer)
  }
}

/** The focus is in a field of the page: the visitor has something else to do. */
export function isEditing(): boolean {
  const { activeElement } = document
  return activeElement instanceof HTMLElement && (activeElement.isContentEditable || activeElement.matches(FIELD))
}
const FIELD = 'textarea,select,input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio])'
