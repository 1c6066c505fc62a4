/** Tells when a single-page app has gone to another page. */

type Navigation = EventTarget

/** Returns the way to end it. Where the Navigation API is missing, `history` is patched, and given back unless somebody patched it after us. */
export function watchRoute(changed: () => void): () => void {
  let page = pageOf()
  const look = () => {
    if (page === pageOf()) return
    page = pageOf()
    changed()
  }
  const ending = new AbortController()
  const { signal } = ending
  addEventListener('popstate', look, { signal })
  addEventListener('hashchange', look, { signal })
  const navigation: Navigation | undefined = Reflect.get(window, 'navigation')
  if (navigation) navigation.addEventListener('currententrychange', look, { signal })
  const restore = navigation ? [] : (['pushState', 'replaceState'] as const).map((name) => patch(name, look))
  return () => {
    ending.abort()
    for (const undo of restore) undo()
  }
}

/** A fragment is a place on a page, unless an app keeps its route there. */
const pageOf = (): string => location.href.replace(/#(?!!?\/).*/, '')

function patch(name: 'pushState' | 'replaceState', look: () => void): () => void {
  const original = history[name]
  const patched: typeof original = function (this: History, ...values) {
    original.apply(this, values)
    look()
  }
  history[name] = patched
  return () => {
    if (history[name] === patched) history[name] = original
  }
}
