/** Listeners of the page. One that throws is reported to the page's own console and does not break the next. */
import type { Emit } from './core.ts'

type Listener = (detail: unknown) => void

export type Events = {
  on: (event: string, listener: Listener) => void
  off: (event: string, listener?: Listener) => void
  emit: Emit
}

export function createEvents(): Events {
  const listeners: [string, Listener][] = []
  return {
    on(event, listener) {
      if (typeof listener === 'function') listeners.push([event, listener])
    },
    off(event, listener) {
      for (let at = listeners.length; at--; ) {
        const [name, known] = listeners[at] ?? []
        if (name === event && (!listener || known === listener)) listeners.splice(at, 1)
      }
    },
    emit(event, detail) {
      for (const [name, listener] of [...listeners]) {
        if (name !== event) continue
        try {
          listener(detail)
        } catch (error) {
          console.error(error)
        }
      }
    },
  }
}
