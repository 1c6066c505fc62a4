/** Listeners of the page. One that throws, or is no function, is reported to the page's own console and does not break the next. */
import type { Emit, Listener } from '../chunk-api/core.ts'

export type Events = {
  on: (event: string, listener: Listener) => void
  off: (event: string, listener?: Listener) => void
  emit: Emit
}

export function createEvents(): Events {
  let listeners: [string, Listener][] = []
  return {
    on(event, listener) {
      listeners = [...listeners, [event, listener]]
    },
    off(event, listener) {
      listeners = listeners.filter(([name, known]) => name !== event || (listener && known !== listener))
    },
    emit(event, detail) {
      for (const [name, listener] of listeners) {
        try {
          if (name === event) listener(detail)
        } catch (error) {
          console.error(error)
        }
      }
    },
  }
}
