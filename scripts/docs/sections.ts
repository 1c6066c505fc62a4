/** What the search finds: each heading with the text below it, and extra search words from a comment. */
import { parse, plainText } from './markdown.ts'
import type { Page } from './pages.ts'
import type { Section } from './search/find.ts'

/** `<!-- search: gdpr, cookie banner -->` below a heading lists other names that people use for this section. */
const SEARCH = /<!--\s*search:\s*([\s\S]*?)\s*-->/

export function sectionsOf({ name, title }: Page, markdown: string): Section[] {
  const sections: Section[] = []
  const tokens = parse(markdown)
  for (const [at, token] of tokens.entries()) {
    const section = sections.at(-1)
    if (token.type === 'heading_open') {
      const id = token.tag === 'h1' ? '' : `#${token.attrGet('id')}`
      sections.push({
        id: `${name}.html${id}`,
        page: title,
        title: plainText(tokens[at + 1]),
        words: '',
        text: '',
        code: '',
      })
    } else if (!section) continue
    else if (token.type === 'html_block') section.words += ` ${SEARCH.exec(token.content)?.[1] ?? ''}`
    else if (token.type === 'fence') section.code += `${token.content} `
    else if (token.type === 'inline' && tokens[at - 1]?.type !== 'heading_open')
      section.text += `${plainText(token)}${/^t[dh]_open$/.test(tokens[at - 1]?.type ?? '') ? ' · ' : ' '}`
  }
  return sections
}
