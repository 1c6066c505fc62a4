/**
 * The site: `docs/*.md` and the pages at the root in one layout, with an index for the search. Every address in it is
 * relative and of its own origin, so it works in a folder, offline and under a strict policy.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import type MarkdownIt from 'markdown-it'
import type Token from 'markdown-it/lib/token.mjs'
import { placed } from '../../installer/page.ts'
import { docFiles, root } from './files.ts'
import { createMarkdown, parse, plainText } from './markdown.ts'
import { hrefOf, indexOrder, pageOf } from './pages.ts'
import { createIndex, type Section } from './search/find.ts'
import { sectionsOf } from './sections.ts'
import { siteHtml } from './theme/layout.ts'

const textOf = (file: string): string => readFileSync(root + file, 'utf8')

/** Builds the site into `outdir`, which is emptied first. Returns the names of its pages. */
export async function buildSite(outdir: string): Promise<string[]> {
  rmSync(outdir, { recursive: true, force: true })
  mkdirSync(outdir, { recursive: true })
  const files = docFiles()
  const navigation = indexOrder(textOf('docs/README.md'), files)
  const markdown = siteMarkdown()
  for (const file of files) {
    const page = pageOf(file)
    const body = markdown.render(textOf(file), { file })
    const html = siteHtml({ ...page, navigation, body, text: firstWords(textOf(file)) })
    writeFileSync(join(outdir, `${page.name}.html`), html)
  }
  cpSync(`${root}docs/assets`, join(outdir, 'assets'), { recursive: true })
  cpSync(`${root}scripts/docs/theme/style.css`, join(outdir, 'style.css'))
  addInstaller(outdir)
  writeFileSync(join(outdir, 'search.json'), JSON.stringify(createIndex(searchedSections())))
  await bundleScript(outdir)
  return files.map((file) => `${pageOf(file).name}.html`)
}

/** The Markdown renderer with links as the site needs them, and with blocks that scroll on their own, also by keyboard. */
function siteMarkdown(): MarkdownIt {
  const markdown = createMarkdown()
  markdown.core.ruler.push('site_links', ({ tokens, env }) => {
    for (const child of tokens.flatMap((token) => token.children ?? [])) {
      const href = child.attrGet('href')
      if (href !== null) child.attrSet('href', hrefOf(env.file, href))
      const src = child.attrGet('src')
      if (src?.startsWith('https:')) {
        // The site's policy allows no picture from elsewhere; its alternative text stays.
        child.type = 'text'
      } else if (src) child.attrSet('src', `assets/${basename(src)}`)
    }
  })
  markdown.core.ruler.push('aligned_by_class', ({ tokens }) => {
    // The policy allows no style attribute.
    for (const cell of tokens.filter(({ tag }) => tag === 'th' || tag === 'td'))
      if (cell.attrs) cell.attrs = cell.attrs.map(([, value]) => ['class', value.replace('text-align:', '')])
  })
  markdown.core.ruler.push('empty_table_heads', (state) => {
    state.tokens = withoutEmptyHeads(state.tokens)
  })
  const scrolls = 'class="wide" tabindex="0" role="group"'
  markdown.renderer.rules.table_open = () => `<div ${scrolls} aria-label="Table"><table>`
  markdown.renderer.rules.table_close = () => '</table></div>'
  markdown.renderer.rules.fence = (tokens, at) =>
    `<div class="code"><pre ${scrolls} aria-label="Example"><code>${markdown.utils.escapeHtml(tokens[at]?.content ?? '')}</code></pre></div>`
  return markdown
}

/** Markdown needs a head for every table; an empty head tells a screen reader that the columns have no name. */
function withoutEmptyHeads(tokens: readonly Token[]): Token[] {
  const kept: Token[] = []
  for (const token of tokens) {
    kept.push(token)
    if (token.type !== 'thead_close') continue
    const from = kept.findLastIndex(({ type }) => type === 'thead_open')
    const head = kept.slice(from)
    if (head.every(({ type, content }) => type !== 'inline' || content === '')) kept.splice(from)
    // One empty head among others is the corner of the table: an ordinary cell.
    for (const [at, cell] of head.entries())
      if (cell.type === 'inline' && cell.content === '')
        for (const side of [head[at - 1], head[at + 1]]) if (side) side.tag = 'td'
  }
  return kept
}

/** The first paragraph, for the page's description. */
function firstWords(markdown: string): string {
  const tokens = parse(markdown)
  const at = tokens.findIndex(({ type, level }) => type === 'paragraph_open' && level === 0)
  return plainText(tokens[at + 1]).slice(0, 200)
}

/** The installer with the built widget beside it. The site has no edge, so the preview shows the looks only. */
function addInstaller(outdir: string): void {
  const folder = join(outdir, 'installer')
  cpSync(`${root}dist/installer`, folder, { recursive: true })
  for (const page of ['index.html', 'preview.html']) {
    const path = join(folder, page)
    writeFileSync(path, placed(readFileSync(path, 'utf8'), '.'))
  }
  for (const built of ['widget.js', 'chunks'])
    cpSync(`${root}dist/assets/${built}`, join(folder, built), { recursive: true })
}

/** Every section of every page, as the index contains it. */
export const searchedSections = (): Section[] => docFiles().flatMap((file) => sectionsOf(pageOf(file), textOf(file)))

async function bundleScript(outdir: string): Promise<void> {
  await build({
    entryPoints: [`${root}scripts/docs/theme/site.ts`],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    outfile: join(outdir, 'site.js'),
  })
}
