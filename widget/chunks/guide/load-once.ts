/** A value that starts to load when it is first read. */

export type LoadOnce<T> = {
  /** The value, once it is there. Starts to load it if nobody has read it before. */
  get: () => T | undefined
  hasFailed: () => boolean
  retry: () => void
}

/** `onChange` is called when the value is there, and when it cannot be loaded. */
export function loadOnce<T>(load: () => Promise<T>, onChange: () => void): LoadOnce<T> {
  let value: T | undefined
  let state: 'idle' | 'requested' | 'failed' = 'idle'
  const retry = () => {
    state = 'requested'
    load()
      .then(
        (loaded) => {
          value = loaded
        },
        () => {
          state = 'failed'
        },
      )
      .then(onChange)
  }
  return {
    get() {
      if (state === 'idle') retry()
      return value
    },
    hasFailed: () => state === 'failed',
    retry,
  }
}
