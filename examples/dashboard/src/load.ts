/** Loading what a view shows: kept while it is renewed, so nothing on the screen jumps away under a reader. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export type Loaded<T> = { value: T | undefined; error: string; busy: boolean; reload: () => void }

/** Milliseconds between two looks while the page is visible: three a minute of sixty. */
const EVERY_MS = 20_000

/** Loads when `key` changes, on `reload`, and from time to time. */
export function useLoad<T>(load: () => Promise<T>, key: string): Loaded<T> {
  const [value, setValue] = useState<T>()
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(true)
  const current = useRef(load)
  const turn = useRef(0)
  current.current = load

  const reload = useCallback(() => {
    turn.current += 1
    const mine = turn.current
    setBusy(true)
    current
      .current()
      .then(
        (loaded) => {
          if (mine !== turn.current) return
          setValue(loaded)
          setError('')
        },
        (thrown: unknown) => {
          if (mine === turn.current) setError(sentence(thrown))
        },
      )
      .finally(() => {
        if (mine === turn.current) setBusy(false)
      })
  }, [])

  // Another key is another thing to load.
  useEffect(() => {
    reload()
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), EVERY_MS)
    return () => clearInterval(timer)
  }, [key, reload])
  return { value, error, busy, reload }
}

export const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
