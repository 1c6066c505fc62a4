/** Phone numbers to call. Only what cannot be anything else: a number with `+`, or a long one that begins with zero. */
import { type ComponentChildren, h } from 'preact'

const TELEPHONE = /(?<![\w.,/+-])(?:\+[1-9]|0\d)(?:[ ()./-]{0,2}\d){6,13}(?![\w/]|[.,:-]\d)/g
/** Days and times begin with zeros too. */
const DATE = /^\d\d[./-]\d\d[./-]\d{2,4}/
/** Without a country in front, shorter ones may be the number of an order. */
const LOCAL_DIGITS = 9

/** The same children, with links in the text among them. Links of other kinds and code stay what they are. */
export const withTelephones = (children: readonly ComponentChildren[]): ComponentChildren[] =>
  children.flatMap((child) => (typeof child === 'string' ? split(child) : [child])).filter((child) => child !== '')

function split(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = []
  let last = 0
  for (const match of text.matchAll(TELEPHONE)) {
    const [number] = match
    // The zero in brackets is for those who call without the country.
    const digits = number.replace(/^(\+.*)\(0\)/, '$1').replace(/[^\d+]/g, '')
    if (!digits.startsWith('+') && (digits.length < LOCAL_DIGITS || DATE.test(number))) continue
    out.push(
      text.slice(last, match.index),
      <a href={`tel:${digits}`} dir="ltr">
        {number}
      </a>,
    )
    last = match.index + number.length
  }
  return [...out, text.slice(last)]
}
