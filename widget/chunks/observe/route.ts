/** Notices when a single-page app shows another page. */

/**
 * Calls `onChange` after each navigation. Returns a function that ends it. Where the Navigation API is missing, `history` is
 * patched, and restored unless another script has patched it since.
 */
export function watchRoute(onChange: () => void): () => void {
  let page = currentPage()
  const check = () => {
    if (page === currentPage()) return
    page = currentPage()
    onChange()
  }
  const ending = new AbortController()
  const { signal } = ending
  addEventListener('popstate', check, { signal })
  addEventListener('hashchange', check, { signal })
  const navigation = 'navigation' in window ? window.navigation : undefined
  navigation?.addEventListener('currententrychange', check, { signal })
  const restore = navigation ? [] : (['pushState', 'replaceState'] as const).map((name) => patch(name, check))
  return () => {
    ending.abort()
    for (const undo of restore) undo()
  }
}

/** Without the fragment, which is a place on a page, unless an app keeps its route there (`#/` or `#!/`). */
const currentPage = (): string => location.href.replace(/#(?!!?\/).*/, '')

function patch(name: 'pushState' | 'replaceState', onCall: () => void): () => void {
  const original = history[name]
  const patched: typeof original = function (this: History, ...values) {
    original.apply(this, values)
    onCall()
  }
  history[name] = patched
  return () => {
    if (history[name] === patched) history[name] = original
  }
}
