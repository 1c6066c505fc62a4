/** What an owner copies: the tag, the lines of the policy, and the same for a tag manager and for a bundler. */

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
  const place = placeOf(wishes)
  return `${place ? `<div id="${place}"></div>\n` : ''}<script async ${source}${attributes.join('')}></script>`
}

/** The id of the element that an inline chat goes into, where it is named by its id. */
export const placeOf = ({ layout, target = '' }: Wishes): string | undefined =>
  layout === 'inline' ? /^#([A-Za-z][\w-]*)$/.exec(target)?.[1] : undefined

export const policyText = (edge: string): string => `script-src 'self' ${edge}; connect-src 'self' ${edge}`

/** The same for a page that is made by a bundler; the package asks for the deployed version. */
export function moduleText(edge: string, wishes: Wishes): string {
  const options = Object.fromEntries([['edge', edge], ...said(wishes).map(([name, value]) => [camel(name), value])])
  return `import { load } from 'caty-keyless'\n\nawait load(${JSON.stringify(options, null, 2)})`
}

/**
 * The same for a tag of type "Custom HTML". A tag manager makes each script anew, and attributes may get lost on the way,
 * so a script sets them; Google Tag Manager refuses syntax that is younger than ES5.
 */
export function managerText(edge: string, wishes: Wishes): string {
  const literal = (text: string) => JSON.stringify(text).replaceAll('<', '\\u003c')
  const lines = [
    "var s = document.createElement('script')",
    's.async = true',
    `s.src = ${literal(`${edge}/widget.js`)}`,
    ...said(wishes).map(([name, value]) => `s.setAttribute('data-${name}', ${literal(value)})`),
    'document.body.appendChild(s)',
  ]
  return `<script>\n(function () {\n${lines.map((line) => `  ${line};`).join('\n')}\n})();\n</script>`
}

/** `primary-color` as `dataset` spells it. */
export const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
