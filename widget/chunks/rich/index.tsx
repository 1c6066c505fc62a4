/**
 * The rich chunk: every reply that holds more than plain text. Markdown becomes tokens (lexer.ts), tokens become vnodes;
 * there is no HTML in or out, so nothing has to be sanitised, and addresses pass the allow-list.
 */
import type { MarkedToken, Token, Tokens } from 'marked'
import { type ComponentChildren, h } from 'preact'
import type { LinkTools } from '../../panel/slots.ts'
import { inline } from './inline.tsx'
import { lex, own } from './lexer.ts'
import { table } from './table.tsx'

export { default as css } from './styles.css'

/** The blocks of a text. What the panel knows of addresses comes with the call, so that this chunk needs no copy of it. */
export function markdown(text: string, tools: LinkTools): ComponentChildren[] {
  return blocks(lex(text, tools.addressAt), tools)
}

/** `inside` a list or a quote, whose first words decide the direction of all of it. */
const blocks = (tokens: readonly Token[], tools: LinkTools, inside = false): ComponentChildren[] =>
  own(tokens).map((token) => block(token, tools, inside))

function block(token: MarkedToken, tools: LinkTools, inside: boolean): ComponentChildren {
  const dir = inside ? undefined : 'auto'
  switch (token.type) {
    case 'paragraph':
      return <p dir={dir}>{inline(token.tokens, tools)}</p>
    // The page has headings of its own; a reply must not become part of its outline.
    case 'heading':
      return (
        <p class="heading" dir={dir}>
          {inline(token.tokens, tools)}
        </p>
      )
    case 'code':
      return (
        <pre tabIndex={0} dir="ltr">
          <code>{token.text.replace(/\n$/, '')}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote dir="auto">{blocks(token.tokens, tools, true)}</blockquote>
    case 'list':
      return list(token, tools)
    case 'table':
      return table(token, tools)
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    default:
      return inline([token], tools)
  }
}

function list({ ordered, items, start }: Tokens.List, tools: LinkTools): ComponentChildren {
  const numbers = items.map(({ raw }) => Number.parseInt(raw, 10))
  // Numbers that only grow are meant: "24. December", "31. December". Any others are counted on, as CommonMark does it.
  const meant = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0))
  const drawn = items.map(({ tokens, task }, at) => (
    <li
      value={meant && at > 0 && numbers[at] !== (numbers[at - 1] ?? 0) + 1 ? numbers[at] : undefined}
      class={task ? 'task' : undefined}
    >
      {blocks(tokens, tools, true)}
    </li>
  ))
  if (!ordered) return <ul dir="auto">{drawn}</ul>
  return (
    <ol
      dir="auto"
      start={Number(start) === 1 ? undefined : Number(start)}
      class={Number(start) > 99 ? 'wide' : undefined}
    >
      {drawn}
    </ol>
  )
}
