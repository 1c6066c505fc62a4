/** Loads what a view shows. The old value stays during a refresh, so that nothing moves under a reader. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

export type Loaded<T> = { value: T | undefined; error: string; busy: boolean; reload: () => void }

/** Milliseconds between two refreshes while the page is visible: three a minute of the sixty allowed. */
const EVERY_MS = 20_000

/** Loads when `key` changes, on `reload`, and at intervals. */
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

  // Another key needs another load.
  useEffect(() => {
    reload()
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), EVERY_MS)
    return () => clearInterval(timer)
  }, [key, reload])
  return { value, error, busy, reload }
}

export const sentence = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
