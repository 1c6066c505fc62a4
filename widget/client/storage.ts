/** The only module that touches storage. Nothing here throws: a page may forbid storage, fill it or break it. */

export type Store = {
  get: (name: string) => unknown
  /** `undefined` removes. */
  set: (name: string, value: unknown) => void
}

/**
 * `area` is looked up late and guarded: reading `localStorage` alone throws where cookies are blocked. While `mayStore`
 * says no, values are only taken away.
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
