/** What the search finds: each heading with the text below it. */
import { parse, plainText } from './markdown.ts'
import type { Page } from './pages.ts'
import type { Section } from './search-options.ts'

export function sectionsOf({ name, title }: Page, markdown: string): Section[] {
  const sections: Section[] = []
  const tokens = parse(markdown)
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const id = token.tag === 'h1' ? '' : `#${token.attrGet('id')}`
      sections.push({ id: `${name}.html${id}`, page: title, title: plainText(tokens[at + 1]), text: '' })
    } else if ((token.type === 'inline' && tokens[at - 1]?.type !== 'heading_open') || token.type === 'fence') {
      const section = sections.at(-1)
      if (section) section.text += `${plainText(token)} `
    }
  }
  return sections
}
