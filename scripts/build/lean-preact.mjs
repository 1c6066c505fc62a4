/**
 * Preact without what this widget never does. It takes over no server-rendered markup: the panel always draws into an
 * empty element of its own, so the two variables that carry hydration through the diff are constants here, and the
 * minifier takes out what they guard. It has no context, portals, Suspense, error boundaries, MathML, legacy lifecycles
 * or debugging hooks, and no `dangerouslySetInnerHTML`: the word is not in our bundle. Components have `render`, `state`,
 * `setState`, `componentDidMount`, `componentDidUpdate` and `componentWillUnmount`.
 *
 * Every cut must be found exactly as often as expected: another version of Preact whose sources differ fails the build
 * instead of breaking the panel. Saves about 1,300 bytes of a first chat (brotli 11).
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** Puts everything that was known into its place again. */
const MOVE = `newChildren.some(child => {
  if (child && child._flags & LIS_CANDIDATE) child._flags |= INSERT_VNODE
}) }
`

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
  // Hooks for debuggers and other packages of Preact.
  ['index.js', /\tif \(\(tmp = options\.(_diff|diffed)\)\) tmp\(newVNode\);\n/g, 2, ''],
  ['index.js', /\tif \(options\.(_commit|unmount)\).*\n/g, 2, ''],
  ['index.js', /\t\t\tlet renderHook = options\._render,\n\t\t\t\tcount/g, 1, '\t\t\tlet count'],
  ['index.js', /\t\t\t\tif \(renderHook\).*\n/g, 1, ''],
  ['component.js', /\t\tif \(options\.vnode\).*\n/g, 1, ''],
  ['component.js', / \|\|\n\t\tprevDebounce != options\.debounceRendering/g, 1, ''],
  ['component.js', /\t\tprevDebounce = options\.debounceRendering;\n/g, 1, ''],
  ['component.js', /\(prevDebounce \|\| queueMicrotask\)/g, 2, 'queueMicrotask'],
  ['create-element.js', /\tif \(!original && options\.vnode\).*\n/g, 1, ''],
  ['render.js', /\tif \(options\._root\).*\n/g, 1, ''],
  ['props.js', /options\.event \? options\.event\(e\) : e/g, 1, 'e'],
  // An error of a component reaches whoever asked it to be drawn.
  ['index.js', /options\._catchError\((e), .*\);/g, 4, 'throw $1;'],
  ['index.js', /if \(!\(e && e\.then\)\) markAsForce/g, 1, 'markAsForce'],
  ['index.js', /\t+if \(c\._bits & COMPONENT_(PENDING_ERROR|PROCESSING_EXCEPTION)\) \{\n.*\n\t+\}\n/g, 2, ''],
  // Context.
  ['index.js', /\t\t\ttmp = newType\.contextType;\n[\s\S]*?: globalContext;\n/g, 1, ''],
  ['index.js', /\t\t\t\tif \(provider\).*\n/g, 1, ''],
  ['index.js', /\t\t\tif \(c\.getChildContext\) \{\n.*\n\t\t\t\}\n/g, 1, ''],
  ['index.js', /\t\t\t\tc\._globalContext = globalContext;\n/g, 1, ''],
  ['index.js', /\t\t\tc\.context = componentContext;\n/g, 1, ''],
  ['index.js', /,\s+componentContext\b/g, 5, ''],
  ['index.js', /, c\.context\)/g, 1, ')'],
  ['index.js', /r\._parentDom = r\._globalContext = NULL/g, 1, 'r._parentDom = NULL'],
  ['index.js', /^\t+globalContext,\n/gm, 5, ''],
  ['children.js', /^\t+globalContext,\n/gm, 2, ''],
  ['component.js', /\t\t\tcomponent\._globalContext,\n/g, 1, ''],
  ['render.js', /\t\tEMPTY_OBJ,\n/g, 1, ''],
  // Lifecycles that nobody here has.
  ['index.js', /\t\t\t\t\/\/ Invoke getDerived[\s\S]*?\n\t\t\t\t\}\n/g, 1, ''],
  ['index.js', /\t\t\t\tif \(\n\t\t\t\t\tisClassComponent &&\n\t\t\t\t\t!newType[\s\S]*?\n\t\t\t\t\}\n/g, 1, ''],
  ['index.js', /\t\t\t\tif \(\n\t\t\t\t\tnewProps !== oldProps &&[\s\S]*?\n\t\t\t\t\}\n/g, 1, ''],
  ['index.js', / \|\|\n\t+\(!\(c\._bits & COMPONENT_FORCE\) &&\n\t+c\.should[\s\S]*?=== false\)/g, 1, ''],
  ['index.js', /\t\t\t\t\tif \(newVNode\._original != oldVNode\._original\) \{[\s\S]*?\n\t\t\t\t\t\}\n/g, 1, ''],
  ['index.js', /\t\t\t\tif \(c\.componentWillUpdate\) \{\n.*\n\t\t\t\t\}\n/g, 1, ''],
  ['index.js', /\t\t\tif \(\n\t\t\t\tisClassComponent &&\n\t\t\t\toldVNode\._component &&[\s\S]*?\n\t\t\t\}\n/g, 1, ''],
  ['index.js', /oldState, snapshot\)/g, 1, 'oldState)'],
  ['index.js', /\t+EMPTY_ARR\.push\.apply\(c\._renderCallbacks, c\._stateCallbacks\);\n/g, 2, ''],
  ['index.js', /\t+c\._stateCallbacks = \[\];\n/g, 3, ''],
  ['component.js', /\t\tif \(callback\) \{\n.*\n\t\t\}\n/g, 1, ''],
  ['component.js', /BaseComponent\.prototype\.forceUpdate = [\s\S]*?\n\};\n/g, 1, ''],
  ['index.js', /\t\t\tdo \{\n([\s\S]*?)\t\t\t\} while \(c\._bits.*\n/g, 1, '$1'],
  ['index.js', /\t\t\tlet count = .*\n/g, 1, ''],
  ['index.js', /\t\t\tmarkAsForce\(newVNode\);\n/g, 1, ''],
  ['index.js', /\t\t\tc\._bits &= ~COMPONENT_FORCE;\n/g, 1, ''],
  // Cleanups returned by refs; the shortest way to a new order: what is drawn here only grows at its end.
  [
    'index.js',
    /value\._refCleanup = ref\(value\) \|\| 1;\n\t\t\telse if \([\s\S]*?else ref\(NULL\);\n\t\t\t\}/g,
    1,
    'ref(value); else ref(NULL);',
  ],
  ['children.js', /\t\tlet tails = \[\];\n[\s\S]*?\n\t\}\n(?=\n)/g, 1, MOVE],
  // Portals.
  ['index.js', /\t\t\tif \(newProps\._parentDom\) \{[\s\S]*?\n\t\t\t\}\n/g, 2, ''],
  ['index.js', /skipRemove && !vnode\.props\._parentDom/g, 1, 'skipRemove'],
  ['children.js', /\t\tif \(parentVNode\.props\._parentDom\).*\n/g, 1, ''],
  ['component.js', / && !vnode\.props\._parentDom/g, 2, ''],
  // Markup from strings, MathML, templates, progress bars, scoped registries.
  ['index.js', /if \(i == 'dangerouslySetInnerHTML'\) \{\n.*\n\t+\} else if/g, 2, 'if'],
  [
    'index.js',
    /\t\tif \(newHtml\) \{[\s\S]*?\n\t\t\} else \{\n\t\t\tif \(oldHtml\).*\n([\s\S]*?)\n\t\t\}\n/g,
    1,
    '$1\n',
  ],
  ['index.js', /\t\t\tif \(\n\t\t\t\tnodeType == 'foreignObject'[\s\S]*?\n\t\t\t\}\n/g, 1, ''],
  ['index.js', /\telse if \(nodeType == 'math'\).*\n/g, 1, ''],
  ['index.js', /\(nodeType == 'template' && dom\.content\) \|\| dom/g, 1, 'dom'],
  ['index.js', /if \(nodeType == 'progress' && inputValue == NULL\) \{\n.*\n\t+\} else if/g, 1, 'if'],
  ['index.js', /\(inputValue !== dom\[i\] \|\|.*\)/g, 1, 'inputValue !== dom[i]'],
  ['index.js', /,\n\t\t\tnewProps\.is \? newProps : parentDom/g, 1, ''],
  ['children.js', /\t\twhile \(next && next\.nodeType == 8\).*\n/g, 1, ''],
  ['children.js', /\twhile \(\n\t\t(\(?oldDom = oldDom && oldDom\.nextSibling)\) &&[\s\S]*?\n\t\);\n/g, 1, '$1);\n'],
  // Nothing here gets a listener while an event is on its way up to it.
  ['props.js', /\t\t\t\(dom\._attached .*\n/g, 1, ''],
  ['props.js', /\t\t\tif \(e\[EVENT_DISPATCHED\] == NULL\) \{[\s\S]*?\n\t\t\t\}\n/g, 1, ''],
  ['props.js', /^let (EVENT_DISPATCHED|eventClock) = .*\n/gm, 2, ''],
  // Styles are strings here, which `style` takes like any property; no listener is for the capturing phase.
  ['props.js', /\tif \(name == 'style'\) \{\n[\s\S]*?\n\t\}\n.*\n\telse if/g, 1, '\tif'],
  ['props.js', /function setStyle\([\s\S]*?\n\}\n/g, 1, ''],
  ['props.js', /\t\t\tuseCapture = .*\n/g, 1, ''],
  ['props.js', /, useCapture\);/g, 2, ');'],
  ['props.js', /\t\tif \(typeof value == 'function'\) return;\n/g, 1, ''],
  ['props.js', /name == 'popover' && value == true \? '' : value/g, 1, 'value'],
  ['props.js', /\t\t\tname != '(list|download|rowSpan|colSpan|popover)' &&\n/g, 5, ''],
  ['index.js', /\t\t\} else ref\.current = value;/g, 1, '\t\t}'],
  ['index.js', /\(r = vnode\.ref\) && \(.*\)\) \{/g, 1, '(r = vnode.ref)) {'],
  ['props.js', /\t\t\tname = name\.replace\(\/xlink.*\n/g, 1, ''],
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
      { filter: /preact[\\/]src[\\/]((diff[\\/])?(index|children|props)|component|create-element|render)\.js$/ },
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
