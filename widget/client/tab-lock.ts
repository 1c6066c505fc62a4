/**
 * Runs what only one tab of a visitor may do at a time. Where Web Locks are missing (plain HTTP) or forbidden (a
 * sandboxed frame), each tab is on its own.
 */
export const alone =
  (name: string) =>
  <T>(run: () => Promise<T>): Promise<T> => {
    let began = false
    const begin = () => {
      began = true
      return run()
    }
    if (!navigator.locks) return run()
    return navigator.locks.request(name, begin).catch((error) => {
      if (began) throw error
      return run()
    })
  }
