/** Every link inside the docs leads somewhere: to a file of the repository, and to a heading that it has. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from './files.ts'
import { headingsOf, linksOf } from './markdown.ts'

/** A sentence for each link of the page that leads nowhere. `file` is its path from the root. */
export function brokenLinks(file: string, text: string): string[] {
  return linksOf(text).flatMap(({ href, line }) => {
    const why = mistakeIn(file, text, href)
    return why === undefined ? [] : [`${file}:${line} links to ${href}: ${why}`]
  })
}

function mistakeIn(file: string, text: string, href: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(href)) return undefined
  const [path = '', id] = href.split('#')
  const target = path === '' ? file : normalize(path.startsWith('/') ? path.slice(1) : join(dirname(file), path))
  if (target.startsWith('..')) return 'it is outside the repository'
  if (target !== file && !existsSync(root + target)) return 'there is no such file'
  if (id === undefined || id === '') return undefined
  if (!target.endsWith('.md')) return 'only a page has headings'
  const headings = headingsOf(target === file ? text : readFileSync(root + target, 'utf8'))
  return headings.some((heading) => heading.id === id) ? undefined : `${target} has no heading #${id}`
}
