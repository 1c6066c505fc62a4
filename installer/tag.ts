/** What an owner copies: the tag, the lines of the policy, and the code for a tag manager and for a bundler. */

/** The options of the form by the attributes of the tag; an empty one is left to Caty's dashboard and the defaults. */
export type ChosenOptions = Readonly<Record<string, string>>
/** A pinned version: its address and the hash of its launcher. */
export type Pin = { version: string; integrity: string }

const quoted = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')

/** The attributes that have a value, in the order of the form. */
const filledIn = (chosen: ChosenOptions): [name: string, value: string][] =>
  Object.entries(chosen).filter(([, value]) => value !== '')

export function tagText(edge: string, chosen: ChosenOptions, pin?: Pin): string {
  const source = pin
    ? `src="${edge}/v/${pin.version}/widget.js" integrity="${pin.integrity}" crossorigin="anonymous"`
    : `src="${edge}/widget.js"`
  const attributes = filledIn(chosen).map(([name, value]) => ` data-${name}="${quoted(value)}"`)
  const place = placeOf(chosen)
  return `${place ? `<div id="${place}"></div>\n` : ''}<script async ${source}${attributes.join('')}></script>`
}

/** The id of the element that an inline chat goes into, if it is chosen by id. */
export const placeOf = ({ layout, target = '' }: ChosenOptions): string | undefined =>
  layout === 'inline' ? /^#([A-Za-z][\w-]*)$/.exec(target)?.[1] : undefined

export const policyText = (edge: string): string => `script-src 'self' ${edge}; connect-src 'self' ${edge}`

/** The code for a page made by a bundler; the package loads the deployed version. */
export function moduleText(edge: string, chosen: ChosenOptions): string {
  const options = Object.fromEntries([['edge', edge], ...filledIn(chosen).map(([name, value]) => [camel(name), value])])
  return `import { load } from 'caty-keyless'\n\nawait load(${JSON.stringify(options, null, 2)})`
}

/**
 * The code for a Google Tag Manager tag of type "Custom HTML". A tag manager makes each script again and may drop its
 * attributes, so a script sets them; the syntax is ES5, because Google Tag Manager refuses newer syntax.
 */
export function managerText(edge: string, chosen: ChosenOptions): string {
  const literal = (text: string) => JSON.stringify(text).replaceAll('<', '\\u003c')
  const lines = [
    "var s = document.createElement('script')",
    's.async = true',
    `s.src = ${literal(`${edge}/widget.js`)}`,
    ...filledIn(chosen).map(([name, value]) => `s.setAttribute('data-${name}', ${literal(value)})`),
    'document.body.appendChild(s)',
  ]
  return `<script>\n(function () {\n${lines.map((line) => `  ${line};`).join('\n')}\n})();\n</script>`
}

/** `primary-color` as `dataset` spells it. */
export const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
