/**
 * The two places where this page hands a string to the browser that could become script, each behind a policy that
 * allows one thing: HTML that is parsed into a document nobody shows, and the launcher of the one edge of this page.
 */

type Factory = { createPolicy: (name: string, rules: Rules) => TrustedPolicy }
type Rules = { createHTML: (text: string) => string; createScriptURL: (url: string) => string }
type TrustedPolicy = { createHTML: (text: string) => string; createScriptURL: (url: string) => string }

const factory: Factory | undefined = Reflect.get(window, 'trustedTypes')

/** `launcher` is the only script address that passes; others throw. */
export function trustedPolicy(launcher: string): TrustedPolicy {
  const rules: Rules = {
    // A parsed document has no browsing context: nothing in it runs or loads (HTML, DOMParser).
    createHTML: (text) => text,
    createScriptURL(url) {
      if (url !== launcher) throw new TypeError(`not the launcher: ${url}`)
      return url
    },
  }
  return factory ? factory.createPolicy('caty-installer', rules) : rules
}

/** The base address of the edge that the preview uses, without a slash at its end. */
export const edgeOfPage = (): string =>
  new URL(document.documentElement.dataset.edge ?? '/', location.href).href.replace(/\/$/, '')

/** Is there an edge at all, or only the widget's files? */
export const looksAlone = (): boolean => document.documentElement.dataset.edge === '.'
