/**
 * The rich chunk: what few replies hold, and every visitor would otherwise load. Code, headings, quotes, tables, lists in
 * lists, and phone numbers to call.
 */
import { type ComponentChildren, h } from 'preact'
import { addStyles } from '../../chunk-api/styles.ts'
import type { Block } from '../../panel/markdown.tsx'
import css from './styles.css'
import { withPhones } from './telephone.tsx'

type Inline = (text: string) => ComponentChildren[]

const HEADING = /^#{1,6} +(.*)/
const QUOTE = /^> ?(.*)/
/** How a line begins that is no part of the paragraph above it. */
const START = /^(```|#{1,6} |>| *([-*•]|\d{1,3}[.)]) )/
const ROW = /^\|(.*)\|\s*$/
const RULE = /^\|[\s:|-]*-[\s:|-]*\|\s*$/

const ITEM = /^( *)(?:[-*•]|(\d{1,3})[.)]) +(.*)/
/** Lists in lists in lists; what is deeper stays at that depth. */
const DEPTH = 4

/** The block that these lines begin with, if it is one of ours. */
export function block(lines: readonly string[], plain: Inline): Block {
  const inline: Inline = (text) => withPhones(plain(text))
  const [line = ''] = lines
  if (line.startsWith('```')) return code(lines)
  const heading = HEADING.exec(line)
  // The page has headings of its own; a reply must not become part of its outline.
  if (heading) return { node: <p class="heading">{inline(heading[1] ?? '')}</p>, used: 1 }
  if (QUOTE.test(line)) return quote(lines, inline)
  if (ROW.test(line) && RULE.test(lines[1] ?? '')) return table(lines, inline)
  if (ITEM.test(line)) return list(lines, inline)
  return paragraph(lines, inline)
}

/** Lines up to the next block, as the panel draws them, with the phone numbers in them. */
function paragraph(lines: readonly string[], inline: Inline): Block {
  const begins = (line: string, at: number) =>
    !line.trim() || (at > 0 && (START.test(line) || (ROW.test(line) && RULE.test(lines[at + 1] ?? ''))))
  const end = lines.findIndex(begins)
  const own = end < 0 ? lines : lines.slice(0, end)
  if (!own.length) return undefined
  return { node: <p>{own.map((text, at) => (at ? [<br />, inline(text)] : inline(text)))}</p>, used: own.length }
}

type Item = { depth: number; number: number | undefined; text: string }

/** A list with the lists in it. An indented line belongs to the item above it, whatever the width of the indent. */
function list(lines: readonly string[], inline: Inline): Block {
  const items: Item[] = []
  const indents: number[] = []
  for (const line of lines) {
    const [, indent, number, text = ''] = ITEM.exec(line) ?? []
    if (indent === undefined) break
    while (indents.length && indent.length < (indents.at(-1) ?? 0)) indents.pop()
    if (!indents.length || indent.length > (indents.at(-1) ?? 0)) indents.push(indent.length)
    items.push({ depth: Math.min(indents.length, DEPTH), number: number ? Number(number) : undefined, text })
  }
  const taken = sameKind(items)
  return { node: draw(taken, inline), used: taken.length }
}

/** At the first depth, another kind of list is another list. */
function sameKind(items: readonly Item[]): Item[] {
  const first = items[0]
  const end = items.findIndex(
    ({ depth, number }) => depth <= (first?.depth ?? 1) && (number === undefined) !== (first?.number === undefined),
  )
  return items.slice(0, end < 0 ? items.length : end)
}

function draw(items: readonly Item[], inline: Inline): ComponentChildren {
  const [first] = items
  if (!first) return undefined
  const children: ComponentChildren[] = []
  for (let at = 0; at < items.length; ) {
    const { text = '', depth = 1 } = items[at] ?? {}
    const below = items.slice(at + 1)
    const end = below.findIndex((item) => item.depth <= depth)
    const inside = end < 0 ? below : below.slice(0, end)
    children.push(
      <li>
        {inline(text)}
        {draw(inside, inline)}
      </li>,
    )
    at += inside.length + 1
  }
  return first.number === undefined ? (
    <ul>{children}</ul>
  ) : (
    <ol start={first.number === 1 ? undefined : first.number}>{children}</ol>
  )
}

function code(lines: readonly string[]): Block {
  const end = lines.indexOf('```', 1)
  const inside = lines.slice(1, end < 0 ? lines.length : end)
  const node = (
    <pre tabIndex={0} dir="ltr">
      <code>{inside.join('\n')}</code>
    </pre>
  )
  return { node, used: inside.length + 2 }
}

function quote(lines: readonly string[], inline: Inline): Block {
  const said = leading(lines, QUOTE)
  return { node: <blockquote>{said.map((text) => [inline(text), <br />])}</blockquote>, used: said.length }
}

function table(lines: readonly string[], inline: Inline): Block {
  const rows = leading(lines, ROW).map((row) => row.split('|').map((cell) => cell.trim()))
  const [head = [], , ...body] = rows
  const node = (
    <div class="table" tabIndex={0} role="region" aria-label={head.join(', ')}>
      <table>
        <tr>
          {head.map((cell) => (
            <th scope="col">{inline(cell)}</th>
          ))}
        </tr>
        {body.map((row) => (
          <tr>
            {row.map((cell) => (
              <td>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </table>
    </div>
  )
  return { node, used: rows.length }
}

/** What the pattern finds in the first lines, up to the one where it finds nothing. */
function leading(lines: readonly string[], pattern: RegExp): string[] {
  const found: string[] = []
  for (const line of lines) {
    const match = pattern.exec(line)
    if (!match) break
    found.push(match[1] ?? '')
  }
  return found
}

/** Adds the styles of these blocks to a shadow root. */
export const style = (root: ShadowRoot): void => addStyles(root, css)
