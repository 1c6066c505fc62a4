/** Marks within a line, as vnodes: emphasis, code, links, pictures, line breaks, telephone numbers. */
import type { Token, Tokens } from 'marked'
import { type ComponentChildren, h } from 'preact'
import type { LinkTools } from '../../panel/slots.ts'
import { own } from './lexer.ts'

/** `linked`: these tokens stand in a link already, and hold no other. */
export function inline(tokens: readonly Token[] | undefined, tools: LinkTools, linked = false): ComponentChildren[] {
  const out: ComponentChildren[] = []
  for (const token of own(tokens)) {
    const inside = (within = linked) => inline('tokens' in token ? token.tokens : undefined, tools, within)
    const text = (words: string) => {
      const last = out.at(-1)
      // One string, since a telephone number may be made of several tokens.
      out.push(typeof last === 'string' ? out.pop() + words : words)
    }
    if (token.type === 'text') text(tools.decode(token.text))
    else if (token.type === 'escape') text(token.text)
    else if (token.type === 'checkbox') text(token.checked ? '☑ ' : '☐ ')
    else if (token.type === 'codespan') out.push(<code>{token.text}</code>)
    // The lexer gives back one tag alone.
    else if (token.type === 'br' || token.type === 'html') out.push(<br />)
    else if (token.type === 'link') out.push(linked ? inside() : link(token, inside(true), tools))
    else if (token.type === 'image')
      out.push(picture(token, tools) || (linked ? inside() : link(token, inside(true), tools)))
    else if (token.type === 'strong' || token.type === 'em' || token.type === 'del')
      out.push(h(token.type, null, inside()))
  }
  return linked ? out : tools.withTelephones(out)
}

function link(
  { href, title, text, ...more }: Tokens.Link | Tokens.Image,
  label: ComponentChildren[],
  tools: LinkTools,
) {
  // A bare address runs from left to right in any text, and is no Markdown.
  if ('autolink' in more && more.autolink) return tools.link(href, text, { dir: 'ltr' })
  return tools.link(tools.decode(href), label.length ? label : href, { title: title ? tools.decode(title) : undefined })
}

function picture({ href, text, title }: Tokens.Image, tools: LinkTools): ComponentChildren {
  const src = tools.pictureUrl(tools.decode(href))
  return (
    src && (
      <img
        src={src}
        alt={tools.decode(text)}
        title={title ? tools.decode(title) : undefined}
        loading="lazy"
        referrerpolicy="no-referrer"
      />
    )
  )
}
