/** The one place where this page hands the browser a string that becomes script: the launcher of the page's own edge. */

type Factory = { createPolicy: (name: string, rules: TrustedPolicy) => TrustedPolicy }
type TrustedPolicy = { createScriptURL: (url: string) => string }

const factory: Factory | undefined = Reflect.get(window, 'trustedTypes')

/** `launcher` is the only script address that passes; others throw. */
export function trustedPolicy(launcher: string): TrustedPolicy {
  const rules: TrustedPolicy = {
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
