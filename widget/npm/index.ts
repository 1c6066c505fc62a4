/**
 * The package `caty-keyless` for those who use a bundler: brings the widget's script into the page. The widget itself
 * stays at the edge, so it is always the one that fits the edge.
 */
import type { CatyError, CatyLoadOptions, CatyWidgetApi } from '../caty-widget.d.ts'

let loading: Promise<CatyWidgetApi> | undefined

const failure = (code: string): CatyError => Object.assign(new Error(code), { name: 'CatyError', code } as const)

/** The widget of this page, when its script has run; a queue of calls has no version. */
function present(): CatyWidgetApi | undefined {
  return window.CatyWidget?.version ? window.CatyWidget : undefined
}

/** See `caty-widget.d.ts`. */
export async function load(options: CatyLoadOptions): Promise<CatyWidgetApi> {
  if (typeof document === 'undefined') throw failure('no_document')
  const known = present()
  if (known) {
    // There already, or destroyed before: both go on by `init`.
    known.init(options)
    return known
  }
  loading ??= inject(options).finally(() => {
    loading = undefined
  })
  return loading
}

function inject({ edge, nonce, ...options }: CatyLoadOptions): Promise<CatyWidgetApi> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.async = true
    if (nonce) script.nonce = nonce
    for (const [name, value] of Object.entries(options)) if (value !== undefined) script.dataset[name] = String(value)
    script.onload = () => {
      const widget = present()
      if (widget) resolve(widget)
      else reject(failure('script_blocked'))
    }
    script.onerror = () => {
      script.remove()
      reject(failure('script_blocked'))
    }
    try {
      Object.assign(script, { src: trusted(`${new URL(edge).origin}/widget.js`) })
      document.head.append(script)
    } catch {
      reject(failure('script_blocked'))
    }
  })
}

type Policy = { createScriptURL: (url: string) => unknown }
type Factory = { createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => Policy }

let policy: Policy | undefined

/**
 * Under Trusted Types an address of a script must come through a policy, which the page allows by `trusted-types
 * caty-keyless-loader`. Made once: a page may refuse the same name twice.
 */
function trusted(url: string): unknown {
  const types: Factory | undefined = Reflect.get(window, 'trustedTypes')
  policy ??= types?.createPolicy('caty-keyless-loader', { createScriptURL: (same) => same })
  return policy ? policy.createScriptURL(url) : url
}
