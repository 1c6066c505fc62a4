/**
 * The package `caty-keyless` for pages that use a bundler: brings the widget's script into the page. The widget itself is
 * loaded from the edge, so it always fits the edge.
 */
import type { CatyError, CatyLoadOptions, CatyWidgetApi } from '../caty-widget.d.ts'
import { type ScriptPolicy, scriptPolicy } from '../chunk-api/script-policy.ts'

let loading: Promise<CatyWidgetApi> | undefined

const failure = (code: string): CatyError => Object.assign(new Error(code), { name: 'CatyError', code } as const)

/** The widget of this page once its script has run. Before, `window.CatyWidget` may be a queue, which has no version. */
function present(): CatyWidgetApi | undefined {
  return window.CatyWidget?.version ? window.CatyWidget : undefined
}

/** Documented in `caty-widget.d.ts`. */
export async function load(options: CatyLoadOptions): Promise<CatyWidgetApi> {
  if (typeof document === 'undefined') throw failure('no_document')
  const known = present()
  if (known) {
    // Running, or destroyed: `init` continues both.
    known.init(options)
    return known
  }
  loading ??= insertScript(options).finally(() => {
    loading = undefined
  })
  return loading
}

/** Made once: a page may refuse a second policy of the same name. */
let policy: ScriptPolicy | undefined

function insertScript({ edge, nonce, ...options }: CatyLoadOptions): Promise<CatyWidgetApi> {
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
      policy ??= scriptPolicy('caty-keyless-loader')
      policy.setSource(script, `${new URL(edge).origin}/widget.js`)
      document.head.append(script)
    } catch {
      reject(failure('script_blocked'))
    }
  })
}
