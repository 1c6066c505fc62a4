/** The widget's events. A listener that throws is reported on the page's console and does not stop the next one. */
import type { Emit, Off, On } from '../chunk-api/events.ts'

type Registered = { event: string; listener(detail: unknown): void }

/** Listeners are called in the order in which they were added. */
export function createEvents(): { on: On; off: Off; emit: Emit } {
  let registered: Registered[] = []
  return {
    on(event, listener) {
      registered = [...registered, { event, listener }]
    },
    off(event, listener) {
      registered = registered.filter((one) => one.event !== event || (listener && one.listener !== listener))
    },
    emit(event, ...[detail]) {
      for (const one of registered) {
        try {
          // The page may have registered something that is no function.
          if (one.event === event) one.listener(detail)
        } catch (error) {
          console.error(error)
        }
      }
    },
  }
}
