/** The back button closes the chat: one history entry, at the same address and with the page's state, so routers see no change. */
import { membersOf } from '../../chunk-api/untrusted.ts'

/** Marks our entry in `history.state`. */
const MARK = 'catyOpen'

/** We have gone back ourselves, which takes the browser a moment. */
let isLeaving = false

const isOurs = () => Boolean(membersOf(history.state)[MARK])

function pushEntry(): void {
  if (!isOurs()) history.pushState({ ...membersOf(history.state), [MARK]: true }, '')
}

/** Calls `close` when the visitor goes back. Returns a function that ends it and removes the entry. */
export function closeOnBack(close: () => void): () => void {
  pushEntry()
  const onPop = () => {
    // The chat was opened again before our own step back arrived, which must not close it.
    if (isLeaving) pushEntry()
    else if (!isOurs()) close()
  }
  addEventListener('popstate', onPop)
  return () => {
    removeEventListener('popstate', onPop)
    // Closed in another way: the entry goes too, unless the page has navigated on from it.
    if (isLeaving || !isOurs()) return
    isLeaving = true
    // The timeout lets all listeners of the event see the flag.
    addEventListener('popstate', () => setTimeout(() => (isLeaving = false)), { once: true })
    history.back()
  }
}
