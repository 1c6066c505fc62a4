/**
 * Preact without what this widget never does: taking over server-rendered markup. The panel always draws into an empty
 * element of its own, so the two variables that carry hydration through the diff are constants here, and the minifier
 * takes out what they guard. Every cut must be found exactly as often as expected: another version of Preact whose
 * sources differ fails the build instead of breaking the panel. Saves about 510 bytes of a first chat (brotli 11).
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** [file, what, how often, instead] */
const CUTS = [
  ['index.js', /^\t+(isHydrating|excessDomChildren),\n/gm, 10, ''],
  ['index.js', /\tif \(\n\t\toldVNode\._flags & MODE_SUSPENDED &&[\s\S]*?\n\t\}\n/g, 1, ''],
  ['index.js', /\t+isHydrating = excessDomChildren = NULL;\n/g, 1, ''],
  ['index.js', /\t\tif \(isHydrating\) \{[\s\S]*?\n\t\t\}\n/g, 1, ''],
  ['index.js', /\t\texcessDomChildren = NULL;\n/g, 1, ''],
  ['index.js', /\t\texcessDomChildren =\n[\s\S]*?;\n/g, 1, ''],
  ['index.js', /\tif \(\n\t\t!skipRemove &&\n\t\t\(r = vnode\._component\)[\s\S]*?\n\t\}\n/g, 1, ''],
  ['index.js', /\bisHydrating\b/g, undefined, 'false'],
  ['index.js', /\bexcessDomChildren\b/g, undefined, 'null'],
  ['children.js', /^\t+(isHydrating|excessDomChildren),\n/gm, 4, ''],
  ['component.js', /\t\t\toldVNode\._flags & MODE_HYDRATE( \? \[oldDom\] : NULL)?,\n/g, 2, ''],
  ['render.js', /\tlet isHydrating = .*\n/g, 1, ''],
  ['render.js', /isHydrating \? NULL : /g, 1, ''],
  ['render.js', /\t\tisHydrating,\n/g, 1, ''],
  ['render.js', /\t\toldVNode\n\t\t\t\? NULL[\s\S]*?: NULL,\n/g, 1, ''],
]

/** An esbuild plugin. */
export const leanPreact = {
  name: 'lean-preact',
  setup(build) {
    build.onResolve({ filter: /^preact$/ }, () =>
      build.resolve('./node_modules/preact/src/index.js', {
        resolveDir: build.initialOptions.absWorkingDir,
        kind: 'import-statement',
      }),
    )
    build.onLoad(
      { filter: /preact[\\/]src[\\/]((diff[\\/])?(index|children)|component|render)\.js$/ },
      async ({ path }) => {
        let contents = await readFile(path, 'utf8')
        const isDiff = /diff[\\/]/.test(path)
        for (const [file, what, times, instead] of CUTS) {
          if (file !== basename(path) || (file === 'index.js' && !isDiff)) continue
          const found = contents.match(what)?.length ?? 0
          if (times !== undefined && found !== times)
            throw new Error(`lean-preact: ${found} instead of ${times} of ${what} in ${file}`)
          contents = contents.replace(what, instead)
        }
        return { contents, loader: 'js' }
      },
    )
  },
}
