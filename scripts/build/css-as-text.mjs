/**
 * Stylesheets as text: `import css from './styles.css'` gives the minified file as a string, which the widget puts into
 * its shadow root by `adoptedStyleSheets`. The same function serves esbuild and vitest, so tests see what is shipped.
 */
import { readFile } from 'node:fs/promises'
import { transform } from 'esbuild'

/** The stylesheet as a JavaScript module with one default export. */
async function moduleOf(path) {
  const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, charset: 'utf8' })
  return `export default ${JSON.stringify(code.trim())}`
}

/** The plugin for esbuild. */
export const cssAsText = {
  name: 'css-as-text',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await moduleOf(path), loader: 'js' }))
  },
}

/** The plugin for vitest. Under a virtual id, because Vite would treat a `.css` file as a stylesheet of the page. */
export const cssAsTextInVite = {
  name: 'css-as-text',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith('.css') || !importer) return
    const { id } = (await this.resolve(source, importer, { skipSelf: true })) ?? {}
    return id && `\0text:${id}.js`
  },
  load: (id) => (id.startsWith('\0text:') ? moduleOf(id.slice('\0text:'.length, -'.js'.length)) : undefined),
}
