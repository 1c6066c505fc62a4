/**
 * Markdown to vnodes: what an assistant writes, and nothing that could be markup. There is no HTML in or out, so there
 * is nothing to sanitise; addresses pass the allow-list. A library for it weighs ten times as much as this file.
 */
import { type ComponentChildren, h, type VNode } from 'preact'
import { linkProps, safeUrl } from './url.ts'

/** Code, link, bold, italic, bare address, e-mail; the first that fits at a place wins. */
const INLINE =
  /`([^`\n]+)`|\[([^\]\n]{1,300})\]\(([^\s()]{1,2000})\)|\*\*(?=\S)([^\n]+?)\*\*|(?<![\w*])[*_](?=\S)([^*_\n]+?)[*_](?![\w*])|(https?:\/\/[^\s<>()]{1,2000}[^\s<>().,;:!?'"])|([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)/g
const DEPTH = 4

export function inline(text: string, depth = 0): ComponentChildren[] {
  const out: ComponentChildren[] = []
  let last = 0
  if (depth > DEPTH) return [text]
  for (const match of text.matchAll(INLINE)) {
    const [whole, code, label, target, bold, italic, bare, mail] = match
    out.push(text.slice(last, match.index))
    last = match.index + whole.length
    if (code) out.push(<code>{code}</code>)
    else if (bold) out.push(<strong>{inline(bold, depth + 1)}</strong>)
    else if (italic) out.push(<em>{inline(italic, depth + 1)}</em>)
    else out.push(link(target ?? bare ?? `mailto:${mail}`, label ? inline(label, DEPTH) : whole) ?? label ?? whole)
  }
  return [...out, text.slice(last)]
}

function link(target: string, label: ComponentChildren): VNode | undefined {
  const href = safeUrl(target)
  return href ? <a {...linkProps(href)}>{label}</a> : undefined
}

/** Lines with breaks between them. */
const lines = (text: string): ComponentChildren[] =>
  text.split('\n').flatMap((line, at) => (at ? [<br />, ...inline(line)] : inline(line)))

const ITEM = /^\s*(?:([-*•])|\d{1,3}[.)])\s+(.*)/

/** Where a reply holds what only the rich chunk can draw: code, headings, quotes, tables, lists in lists, phone numbers. */
export const RICH = /^(```|#{1,6} |>|\|.*\|| +[-*•\d])|\+\d|\s0\d\d/m

/** A part of a longer text: `undefined` where these lines are nothing special. `used` counts the lines it took. */
export type Block = { node: ComponentChildren; used: number } | undefined
export type RichModule = {
  block: (lines: readonly string[], inline: (text: string) => ComponentChildren[]) => Block
  style: (root: ShadowRoot) => void
}

/** The blocks of a reply: paragraphs and lists, and with `rich` all the others. */
export function markdown(text: string, rich?: RichModule): ComponentChildren[] {
  const blocks: ComponentChildren[] = []
  let paragraph: string[] = []
  let items: ComponentChildren[] = []
  let ordered = false
  const flush = () => {
    if (paragraph.length) blocks.push(<p>{lines(paragraph.join('\n'))}</p>)
    if (items.length) blocks.push(ordered ? <ol>{items}</ol> : <ul>{items}</ul>)
    paragraph = []
    items = []
  }
  const all = text.replace(/\r/g, '').split('\n')
  for (let at = 0; at < all.length; at++) {
    const line = all[at] ?? ''
    const item = ITEM.exec(line)
    const block = rich?.block(all.slice(at), inline)
    if (block) {
      flush()
      blocks.push(block.node)
      at += block.used - 1
    } else if (item) {
      if (paragraph.length || (items.length && ordered === Boolean(item[1]))) flush()
      ordered = !item[1]
      items.push(<li>{inline(item[2] ?? '')}</li>)
    } else {
      if (items.length || !line.trim()) flush()
      if (line.trim()) paragraph.push(line)
    }
  }
  flush()
  return blocks
}
