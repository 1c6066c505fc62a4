/** What an owner copies: the tag, the lines of the policy, and the same for a project with a bundler. */

/** The wishes of the form by the tag's attributes; an empty one is left to Caty's dashboard and the defaults. */
export type Wishes = Readonly<Record<string, string>>
/** A version to stay with: its address and the hash of its launcher. */
export type Pin = { version: string; integrity: string }

const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

/** The attributes that say something, in the order of the form. */
const said = (wishes: Wishes): [name: string, value: string][] =>
  Object.entries(wishes).filter(([, value]) => value !== '')

export function tagText(edge: string, wishes: Wishes, pin?: Pin): string {
  const source = pin
    ? `src="${edge}/v/${pin.version}/widget.js" integrity="${pin.integrity}" crossorigin="anonymous"`
    : `src="${edge}/widget.js"`
  const attributes = said(wishes).map(([name, value]) => ` data-${name}="${quoted(value)}"`)
  return `<script async ${source}${attributes.join('')}></script>`
}

export const policyText = (edge: string): string => `script-src 'self' ${edge}; connect-src 'self' ${edge}`

/** The same for a page that is made by a bundler; the package asks for the deployed version. */
export function moduleText(edge: string, wishes: Wishes): string {
  const options = Object.fromEntries([['edge', edge], ...said(wishes).map(([name, value]) => [camel(name), value])])
  return `import { load } from 'caty-keyless'\n\nawait load(${JSON.stringify(options, null, 2)})`
}

/** `primary-color` as `dataset` spells it. */
export const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The origin that somebody typed, or `undefined` while it is none. A missing scheme is meant to be https. */
export function originOf(typed: string): string | undefined {
  const text = typed.trim()
  const url = /^https?:\/\//i.test(text) ? text : `https://${text}`
  if (text === '' || !URL.canParse(url)) return undefined
  const { origin, hostname } = new URL(url)
  return /[.:]|^localhost$/.test(hostname) ? origin : undefined
}
