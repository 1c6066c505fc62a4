/**
 * The HTML that an owner pasted, read by a tokenizer: nothing is made of it that could run, load, or be refused by this
 * page's policy. A document of the browser's own would report each `onclick` in it as a violation.
 */
import { Parser } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string>>
export type Script = { attributes: Attributes; text: string }
/** Where text stands that may hold a tag which no browser reads as one. */
export type Place = 'text' | 'script' | 'comment' | 'attribute'
export type Page = {
  scripts: Script[]
  /** The policies in `<meta>`. */
  policies: string[]
  /** Any element has the attribute of the vendor's tag. */
  hasKeyAttribute: boolean
  texts: { place: Place; text: string }[]
}

/** Long enough for a tag; shorter attributes cannot hold one. */
const TAG_CHARS = 20

/** Has an answer for any text. */
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
    // A function of WordPress, `<?php echo '<script …'; ?>`, is a comment to HTML.
    oncomment: (text) => page.texts.push({ place: text.startsWith('?') ? 'script' : 'comment', text }),
  })
  parser.end(html)
  page.texts.push({ place: 'text', text: visible })
  return page
}
