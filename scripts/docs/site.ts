/**
 * The site: Eleventy over `docs/*.md` and the root's pages, with our Markdown parser, one layout, and an index for the
 * search. Everything in it is relative and of its own origin, so it works in a folder, offline and under a strict policy.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { Eleventy } from '@11ty/eleventy'
import { build } from 'esbuild'
import type MarkdownIt from 'markdown-it'
import type Token from 'markdown-it/lib/token.mjs'
import MiniSearch from 'minisearch'
import { placed } from '../../installer/page.ts'
import { docFiles, root } from './files.ts'
import { createMarkdown, parse, plainText } from './markdown.ts'
import { hrefOf, indexOrder, pageOf } from './pages.ts'
import { SEARCH_OPTIONS, type Section } from './search-options.ts'
import { sectionsOf } from './sections.ts'
import { siteHtml } from './theme/layout.ts'

const textOf = (file: string): string => readFileSync(root + file, 'utf8')

/** Builds the site into `outdir`, which is emptied first. Returns the names of its pages. */
export async function buildSite(outdir: string): Promise<string[]> {
  rmSync(outdir, { recursive: true, force: true })
  const files = docFiles()
  const navigation = indexOrder(textOf('docs/README.md'), files)
  const eleventy = new Eleventy(`${relative('.', root)}docs`, outdir, {
    quietMode: true,
    configPath: null,
    config(config) {
      config.setUseGitIgnore(false)
      config.setTemplateFormats(['md'])
      config.setLibrary('md', siteMarkdown())
      // Pages are Markdown and nothing else: a `{{` in an example is text.
      config.addGlobalData('templateEngineOverride', 'md')
      config.addGlobalData(
        'permalink',
        () =>
          ({ page }: { page: { inputPath: string } }) =>
            `${pageOf(fileIn(page)).name}.html`,
      )
      for (const file of files.filter((each) => !each.startsWith('docs/')))
        config.addTemplate(`${FROM_ROOT}${file}`, textOf(file))
      config.addTransform('layout', function (body) {
        const file = fileIn(this.page)
        return siteHtml({ ...pageOf(file), navigation, body, text: firstWords(textOf(file)) })
      })
    },
  })
  await eleventy.write()
  cpSync(`${root}docs/assets`, join(outdir, 'assets'), { recursive: true })
  cpSync(`${root}scripts/docs/theme/style.css`, join(outdir, 'style.css'))
  addInstaller(outdir)
  await writeSearch(
    outdir,
    files.flatMap((file) => sectionsOf(pageOf(file), textOf(file))),
  )
  return files.map((file) => `${pageOf(file).name}.html`)
}

/** Eleventy reads one folder; pages of the repository's root stand in it under this name. */
const FROM_ROOT = 'of-the-root/'

/** The path from the root of the page that Eleventy is at. */
const fileIn = (page: { inputPath: string }): string =>
  relative(root, resolve(page.inputPath)).replaceAll('\\', '/').replace(`docs/${FROM_ROOT}`, '')

/** Our Markdown with links as the site has them, and with blocks that scroll by themselves and by the keyboard. */
function siteMarkdown(): MarkdownIt {
  const markdown = createMarkdown()
  markdown.core.ruler.push('site_links', ({ tokens, env }) => {
    for (const child of tokens.flatMap((token) => token.children ?? [])) {
      const href = child.attrGet('href')
      if (href !== null) child.attrSet('href', hrefOf(fileIn(env.page), href))
      const src = child.attrGet('src')
      if (src !== null) child.attrSet('src', `assets/${basename(src)}`)
    }
  })
  markdown.core.ruler.push('aligned_by_class', ({ tokens }) => {
    // A style attribute would need a hole in the policy.
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
    `<pre ${scrolls} aria-label="Example"><code>${markdown.utils.escapeHtml(tokens[at]?.content ?? '')}</code></pre>`
  return markdown
}

/** Markdown cannot write a table without heads; empty ones tell a screen reader of columns that have no name. */
function withoutEmptyHeads(tokens: readonly Token[]): Token[] {
  const kept: Token[] = []
  for (const token of tokens) {
    kept.push(token)
    if (token.type !== 'thead_close') continue
    const from = kept.findLastIndex(({ type }) => type === 'thead_open')
    const head = kept.slice(from)
    if (head.every(({ type, content }) => type !== 'inline' || content === '')) kept.splice(from)
    // One empty head among others is the corner of the table: a cell like any other.
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

/** The installer, with the built widget beside it: nobody answers here, so its preview shows looks alone. */
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

async function writeSearch(outdir: string, sections: readonly Section[]): Promise<void> {
  const search = new MiniSearch<Section>(SEARCH_OPTIONS)
  search.addAll(sections)
  writeFileSync(join(outdir, 'search.json'), JSON.stringify(search))
  await build({
    entryPoints: [`${root}scripts/docs/theme/search.ts`],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    outfile: join(outdir, 'search.js'),
  })
}
