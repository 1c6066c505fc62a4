/**
 * Stylesheets as text: `import css from './styles.css'` gives the minified file as a string, which the widget adds to
 * its shadow root with `adoptedStyleSheets`. esbuild and vitest use the same function, so tests see what is shipped.
 */
import { readFile } from 'node:fs/promises'
import { type Plugin as EsbuildPlugin, transform } from 'esbuild'
import type { Plugin as VitePlugin } from 'vite'

/** The stylesheet as a JavaScript module with one default export. */
async function moduleOf(path: string): Promise<string> {
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, charset: 'utf8' })
  return `export default ${JSON.stringify(code.trim())}`
}

/** The plugin for esbuild. */
export const cssAsText: EsbuildPlugin = {
  name: 'css-as-text',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await moduleOf(path), loader: 'js' }))
  },
}

const PREFIX = '\0css-as-text:'

/** The plugin for vitest. Under a virtual id, because Vite treats a `.css` file as a stylesheet of the page. */
export const cssAsTextInVite: VitePlugin = {
  name: 'css-as-text',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith('.css') || !importer) return undefined
    const resolved = await this.resolve(source, importer, { skipSelf: true })
    return resolved && `${PREFIX}${resolved.id}.js`
  },
  load: (id) => (id.startsWith(PREFIX) ? moduleOf(id.slice(PREFIX.length, -'.js'.length)) : undefined),
}
