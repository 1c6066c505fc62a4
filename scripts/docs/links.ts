/**
 * Checks that every link of the docs has a target: a file of the repository and one of its headings, or an https
 * address.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from './files.ts'
import { headingsOf, linksOf } from './markdown.ts'

/** One sentence for each link of the page without a target. `file` is its path from the root. */
export function brokenLinks(file: string, text: string): string[] {
  return linksOf(text).flatMap(({ href, line }) => {
    const why = mistakeIn(file, text, href)
    return why === undefined ? [] : [`${file}:${line} links to ${href}: ${why}`]
  })
}

function mistakeIn(file: string, text: string, href: string): string | undefined {
  if (/^[a-z][a-z+.-]*:/i.test(href)) return externalMistake(href)
  const [path = '', id] = href.split('#')
  const target = path === '' ? file : normalize(path.startsWith('/') ? path.slice(1) : join(dirname(file), path))
  if (target.startsWith('..')) return 'it is outside the repository'
  if (target !== file && !existsSync(root + target)) return 'there is no such file'
  if (id === undefined || id === '') return undefined
  if (!target.endsWith('.md')) return 'only a page has headings'
  const headings = headingsOf(target === file ? text : readFileSync(root + target, 'utf8'))
  return headings.some((heading) => heading.id === id) ? undefined : `${target} has no heading #${id}`
}

/** Checks the form of an address only, so that the test needs no network. */
function externalMistake(href: string): string | undefined {
  if (/^mailto:[^@\s]+@[^@\s]+\.[a-z]+$/.test(href)) return undefined
  if (!URL.canParse(href)) return 'it is not an address'
  const { protocol, hostname, username } = new URL(href)
  if (protocol !== 'https:') return 'only https: and mailto: lead out of the docs'
  return username === '' && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(hostname) ? undefined : 'it has no host name'
}
