/**
 * A lock that the visitor's tabs share: the function it returns runs its argument while no other tab runs one under the
 * same name. Where Web Locks are missing (plain HTTP) or forbidden (a sandboxed frame), each tab runs by itself.
 */
export const tabLock =
  (name: string) =>
  <T>(run: () => Promise<T>): Promise<T> => {
    let hasBegun = false
    const begin = () => {
      hasBegun = true
      return run()
    }
    if (!navigator.locks) return run()
    return navigator.locks.request(name, begin).catch((error) => {
      if (hasBegun) throw error
      return run()
    })
  }
