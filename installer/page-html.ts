/**
 * Reads the HTML that an owner pasted with a tokenizer: nothing in it can run, load, or violate this page's policy. A
 * document made by the browser would report each `onclick` in it as a violation.
 */
import { Parser } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string>>
export type Script = { attributes: Attributes; text: string }
/** Places whose text may contain a tag that no browser reads as one. */
export type Place = 'text' | 'script' | 'comment' | 'attribute'
export type Page = {
  scripts: Script[]
  /** The policies in `<meta>`. */
  policies: string[]
  /** Whether any element has the attribute of the vendor's tag. */
  hasKeyAttribute: boolean
  texts: { place: Place; text: string }[]
}

/** The shortest text that can contain a tag; shorter attributes are skipped. */
const TAG_CHARS = 20

/** Accepts any text. */
export function readPage(html: string): Page {
  const page: Page = { scripts: [], policies: [], hasKeyAttribute: false, texts: [] }
  let script: { attributes: Attributes; text: string } | undefined
  let visible = ''
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'script') script = { attributes, text: '' }
      if (name === 'meta' && /^content-security-policy$/i.test(attributes['http-equiv'] ?? ''))
        page.policies.push(attributes.content ?? '')
      page.hasKeyAttribute ||= 'data-api-key' in attributes
      for (const value of Object.values(attributes))
        if (value.length > TAG_CHARS) page.texts.push({ place: 'attribute', text: value })
    },
    ontext(text) {
      if (script) script.text += text
      else visible += text
    },
    onclosetag(name) {
      if (name !== 'script' || !script) return
      page.scripts.push(script)
      page.texts.push({ place: 'script', text: script.text })
      script = undefined
    },
    // To HTML a WordPress function, `<?php echo '<script …'; ?>`, is a comment.
    oncomment: (text) => page.texts.push({ place: text.startsWith('?') ? 'script' : 'comment', text }),
  })
  parser.end(html)
  page.texts.push({ place: 'text', text: visible })
  return page
}
