/**
 * One spelling for what a specification expects and what the widget draws, so that the two can be compared. What the
 * widget does on purpose is undone: a heading is a paragraph that looks like one, a line break in the text is one on the
 * screen, a check box is a character, and a code block has no last line break and no name of a language.
 */
import { safeUrl } from '../../../widget/panel/url.ts'

const BLOCK = /[ \n]*(<\/?(?:p|h|ul|ol|li|blockquote|pre|hr|table|thead|tbody|tr|th|td)(?: [^>]*)?>)[ \n]*/g
const HEADING = /^H[1-6]$/
/** White space inside code blocks, which is kept when the one around other blocks goes. */
const KEPT_SPACE: Record<string, string> = { '\n': '\u240a', ' ': '\u2420' }
const KEPT = ['title', 'start', 'value']

export function canonical(element: Element): string {
  return [...element.childNodes]
    .map((node) => one(node, false))
    .join('')
    .replace(/ *\n[ \n]*/g, '\n')
    .replace(BLOCK, '$1')
    .trim()
}

/** What the specification's HTML means. */
export function canonicalHtml(html: string): string {
  const own = html.replace(/\n<\/code><\/pre>/g, '</code></pre>')
  const { body } = new DOMParser().parseFromString(`<!doctype html><body>${own}</body>`, 'text/html')
  return canonical(body)
}

function one(node: Node, code: boolean): string {
  const text = node.textContent ?? ''
  if (!(node instanceof Element))
    return escaped(code ? text.replace(/[ \n]/g, (space) => KEPT_SPACE[space] ?? space) : text)
  const inside = () => [...node.childNodes].map((child) => one(child, code || node.tagName === 'PRE')).join('')
  const attributes = KEPT.flatMap((name) => {
    const value = node.getAttribute(name)
    return value === null ? [] : [` ${name}=${JSON.stringify(value)}`]
  }).join('')
  const align = node.getAttribute('align') ?? (/^T[HD]$/.test(node.tagName) ? node.className : '')
  if (node.tagName === 'BR') return '\n'
  if (node.tagName === 'HR') return '<hr>'
  if (node.tagName === 'INPUT') return node.hasAttribute('checked') ? '☑' : '☐'
  // The region that scrolls.
  if (node.tagName === 'DIV') return inside()
  if (node.tagName === 'PRE') return `<pre>${inside()}</pre>`
  if (node.tagName === 'A') {
    const href = safeUrl(node.getAttribute('href') ?? '')
    return href === undefined ? inside() : `<a ${decoded(href)}${attributes}>${inside()}</a>`
  }
  const name = HEADING.test(node.tagName) || node.className === 'heading' ? 'h' : node.tagName.toLowerCase()
  return `<${name}${attributes}${align && ` ${align}`}>${inside()}</${name}>`
}

/** An address may be written with or without `%`. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch {
    return href
  }
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
