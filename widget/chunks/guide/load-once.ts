/** Something that loads when it is first asked for, and draws again when it has come, or could not. */

export type Lazy<T> = {
  /** What has loaded; begins to load when nobody asked before. */
  get: () => T | undefined
  failed: () => boolean
  again: () => void
}

export function lazy<T>(load: () => Promise<T>, changed: () => void): Lazy<T> {
  let value: T | undefined
  let state: 'idle' | 'asked' | 'failed' = 'idle'
  const again = () => {
    state = 'asked'
    load()
      .then(
        (loaded) => {
          value = loaded
        },
        () => {
          state = 'failed'
        },
      )
      .then(changed)
  }
  return {
    get() {
      if (state === 'idle') again()
      return value
    },
    failed: () => state === 'failed',
    again,
  }
}
