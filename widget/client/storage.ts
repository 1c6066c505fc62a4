/** The only module that touches `localStorage` and `sessionStorage`. Nothing here throws: a page may forbid, fill or break them. */

export type Store = {
  /** The value that was set, or `null`. */
  get: (name: string) => unknown
  /** `undefined` removes the value. */
  set: (name: string, value: unknown) => void
}

/**
 * Stores JSON values under `prefix`. `area` is a function because reading `localStorage` itself throws where cookies are
 * blocked. While `mayStore` returns false, values are only removed.
 */
export function createStore(area: () => Storage, prefix: string, mayStore: () => boolean): Store {
  return {
    get(name) {
      try {
        return JSON.parse(area().getItem(prefix + name) ?? 'null')
      } catch {
        return null
      }
    },
    set(name, value) {
      try {
        if (value === undefined || !mayStore()) area().removeItem(prefix + name)
        else area().setItem(prefix + name, JSON.stringify(value))
      } catch {
        // Full or forbidden: the conversation then lasts as long as the page.
      }
    },
  }
}
