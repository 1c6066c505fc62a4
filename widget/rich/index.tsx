/** The rich chunk: what few replies hold, and every visitor would otherwise load. Code, headings, quotes and tables. */
import { type ComponentChildren, h } from 'preact'
import type { Block } from '../panel/markdown.tsx'

type Inline = (text: string) => ComponentChildren[]

const HEADING = /^#{1,6} +(.*)/
const QUOTE = /^> ?(.*)/
const ROW = /^\|(.*)\|\s*$/
const RULE = /^\|[\s:|-]*-[\s:|-]*\|\s*$/

/** The block that these lines begin with, if it is one of ours. */
export function block(lines: readonly string[], inline: Inline): Block {
  const [line = ''] = lines
  if (line.startsWith('```')) return code(lines)
  const heading = HEADING.exec(line)
  // The page has headings of its own; a reply must not become part of its outline.
  if (heading) return { node: <p class="hd">{inline(heading[1] ?? '')}</p>, used: 1 }
  if (QUOTE.test(line)) return quote(lines, inline)
  if (ROW.test(line) && RULE.test(lines[1] ?? '')) return table(lines, inline)
  return undefined
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
    <div class="tb" tabIndex={0} role="region" aria-label={head.join(', ')}>
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

const CSS = `.e pre{overflow-x:auto;padding:8px;border-radius:8px;background:#8882;text-align:start}.e pre code{background:none;padding:0}
.hd{font-weight:600}
.e blockquote{border-inline-start:3px solid var(--line);padding-inline-start:10px;color:var(--soft)}
.tb{overflow-x:auto}.tb table{border-collapse:collapse}.tb th,.tb td{border:1px solid var(--line);padding:4px 8px;text-align:start}.tb th{font-weight:600}`

/** The styles these blocks need, once a shadow root. */
export function style(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
