/** Names and order of the site's pages. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { manifest, repositoryUrl } from '../manifest.ts'
import { root } from './files.ts'
import { headingsOf, parse, plainText } from './markdown.ts'

export type Page = { name: string; title: string }
export type Chapter = { title: string; pages: readonly { name: string; label: string }[] }

/** Pages at the root whose names also exist in `docs/`. */
const OF_THE_ROOT: Readonly<Record<string, string>> = { 'README.md': 'about', 'SECURITY.md': 'report-a-weakness' }

/** `docs/README.md` is the front page; any other page has the name of its file in lower case. */
export function pageOf(file: string): Page {
  const name = basename(file, '.md').toLowerCase()
  const title = headingsOf(readFileSync(root + file, 'utf8'))[0]?.text ?? name
  if (file === 'docs/README.md') return { name: 'index', title }
  return { name: OF_THE_ROOT[file] ?? name, title }
}

/** The chapters of the index in order; a page that the index does not name comes last. */
export function indexOrder(index: string, files: readonly string[]): Chapter[] {
  const chapters: { title: string; pages: { name: string; label: string }[] }[] = []
  const tokens = parse(index)
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open' && token.tag === 'h2')
      chapters.push({ title: plainText(tokens[at + 1]), pages: [] })
    const children = token.children ?? []
    for (const [link, child] of children.entries()) {
      const file = fileOf('docs/README.md', child.attrGet('href') ?? '')
      if (!file?.endsWith('.md')) continue
      const end = children.findIndex(({ type }, position) => position > link && type === 'link_close')
      const label = children.slice(link, end).map(plainText).join('')
      chapters.at(-1)?.pages.push({ name: pageOf(file).name, label: label.charAt(0).toUpperCase() + label.slice(1) })
    }
  }
  const named = new Set(['index', ...chapters.flatMap(({ pages }) => pages.map(({ name }) => name))])
  const more = files.map(pageOf).filter(({ name }) => !named.has(name))
  if (more.length > 0) chapters.push({ title: 'More', pages: more.map(({ name, title }) => ({ name, label: title })) })
  return chapters
}

/** The file of the repository that a relative link points to. */
function fileOf(from: string, href: string): string | undefined {
  if (/^([a-z][a-z+.-]*:|#)/i.test(href)) return undefined
  const path = normalize(join(dirname(from), href.replace(/#.*$/, '')))
  return existsSync(root + path) && statSync(root + path).isFile() ? path : undefined
}

/** A link of a page as the site needs it. Source files are not on the site, so their links go to the repository. */
export function hrefOf(from: string, href: string): string {
  if (/^([a-z][a-z+.-]*:|#)/i.test(href)) return href
  const file = fileOf(from, href)
  const id = /#.*$/.exec(href)?.[0] ?? ''
  if (file?.endsWith('.md') && (file.startsWith('docs/') || !file.includes('/')))
    return `${pageOf(file).name}.html${id}`
  return `${repositoryUrl(manifest())}/blob/HEAD/${normalize(join(dirname(from), href))}`
}
