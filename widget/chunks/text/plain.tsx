/**
 * Plain text to vnodes: paragraphs, line breaks, web and e-mail addresses, phone numbers. Most replies of a first chat hold no more than
 * that; whatever else Markdown can say is drawn by the rich chunk, see index.ts. There is no HTML in or out.
 */
import { type ComponentChildren, h } from 'preact'
import { splitAddresses } from './address.ts'
import { link } from './link.tsx'
import { withTelephones } from './telephone.tsx'

/**
 * Signs that Markdown may give a meaning. One that turns out to mean nothing costs a chunk; one that is missing here would
 * show a reply raw.
 */
const MARKS = /[`*_~[\]\\<>|\t]|&#?\w|^ {0,3}([-+•]|\d{1,9}[.)])(\s|$)|^ {0,3}(#{1,6}(\s|$)|[=-][ =-]*$)|^ {4}/m

/** Whether the text means the same as Markdown and as plain text. */
export const isPlain = (text: string): boolean =>
  !MARKS.test(
    splitAddresses(text)
      .map((part) => (typeof part === 'string' ? part : 'x'))
      .join(''),
  )

/** Paragraphs with their lines. White space around a line does not show. */
export function plain(text: string): ComponentChildren[] {
  const paragraphs: ComponentChildren[][] = [[]]
  for (const line of text.split(/\r\n?|\n/)) {
    const paragraph = paragraphs.at(-1)
    if (!/[^ \t]/.test(line)) paragraphs.push([])
    else paragraph?.push(paragraph.length > 0 && <br />, linked(line))
  }
  return paragraphs.filter(({ length }) => length).map((lines) => <p dir="auto">{lines}</p>)
}

/** With links to addresses and phone numbers. */
function linked(line: string): ComponentChildren[] {
  const parts = splitAddresses(line)
  return withTelephones(
    parts.map((part) => (typeof part === 'string' ? part : link(part.href, part.text, { dir: 'ltr' }))),
  )
}
