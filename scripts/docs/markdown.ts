/** One Markdown parser for the links check and the site, set up to match GitHub. */
import MarkdownIt from 'markdown-it'
import type Token from 'markdown-it/lib/token.mjs'

export type Heading = { level: number; text: string; id: string }

/** Comments are marks for the tests and the search and are not rendered; other HTML of a page stays. */
export function createMarkdown(): MarkdownIt {
  const markdown = new MarkdownIt({ html: true, linkify: false })
  markdown.renderer.rules.html_block = (tokens, at) => (tokens[at]?.content ?? '').replace(/<!--[\s\S]*?-->\n?/g, '')
  markdown.core.ruler.push('heading_ids', (state) => {
    identify(state.tokens)
  })
  return markdown
}

/** Gives each heading the id that GitHub gives it. */
function identify(tokens: readonly Token[]): void {
  const seen = new Map<string, number>()
  for (const [at, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue
    const base = slug(plainText(tokens[at + 1]))
    const before = seen.get(base) ?? 0
    seen.set(base, before + 1)
    token.attrSet('id', before === 0 ? base : `${base}-${before}`)
  }
}

/** As github-slugger: lower case, no punctuation, hyphens for spaces. */
const slug = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-')

/** The text of an inline token, without markup. */
export function plainText(token: Token | undefined): string {
  if (!token) return ''
  if (!token.children) return token.content
  return token.children
    .map((child) => (child.type === 'softbreak' || child.type === 'hardbreak' ? ' ' : plainText(child)))
    .filter((_, at) => token.children?.[at]?.type !== 'html_inline')
    .join('')
}

export const parse = (text: string): Token[] => createMarkdown().parse(text, {})

/** The headings of a page in order. */
export function headingsOf(text: string): Heading[] {
  const tokens = parse(text)
  return tokens.flatMap((token, at) =>
    token.type === 'heading_open'
      ? [{ level: Number(token.tag.slice(1)), text: plainText(tokens[at + 1]), id: String(token.attrGet('id')) }]
      : [],
  )
}

export type Link = { href: string; line: number }

/** Every link and image of a page, with the line (starting at 1) of its block. */
export function linksOf(text: string): Link[] {
  return parse(text).flatMap((token) =>
    (token.children ?? []).flatMap((child) => {
      const href = child.attrGet('href') ?? child.attrGet('src')
      return href === null ? [] : [{ href, line: (token.map?.[0] ?? 0) + 1 }]
    }),
  )
}
