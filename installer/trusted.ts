/** The only place where this page makes a script address: the launcher of the page's own edge. */

type Factory = { createPolicy: (name: string, rules: TrustedPolicy) => TrustedPolicy }
type TrustedPolicy = { createScriptURL: (url: string) => string }

const factory: Factory | undefined = Reflect.get(window, 'trustedTypes')

/** `launcher` is the only script address that is allowed; any other throws. */
export function trustedPolicy(launcher: string): TrustedPolicy {
  const rules: TrustedPolicy = {
    createScriptURL(url) {
      if (url !== launcher) throw new TypeError(`not the launcher: ${url}`)
      return url
    },
  }
  return factory ? factory.createPolicy('caty-installer', rules) : rules
}

/** The base address of the edge that the preview uses, without a trailing slash. */
export const edgeOfPage = (): string =>
  new URL(document.documentElement.dataset.edge ?? '/', location.href).href.replace(/\/$/, '')

/** Whether an edge answers there, or only the widget's files are there. */
export const looksAlone = (): boolean => document.documentElement.dataset.edge === '.'
