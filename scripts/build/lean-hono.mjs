/**
 * Hono without the members that this Worker never calls. Nobody here mounts another application, parses a body by Hono,
 * renders, redirects or answers through the context; as members of classes they stay in any bundle, and they bring what
 * they import along. Routing, middleware, errors and the context's state are as the library has them.
 *
 * Every member must be found exactly once: a version of Hono whose sources differ fails the build instead of breaking the
 * Worker. A call of a member that is gone does not compile away silently either: it is a TypeError in the first test that
 * comes by. Saves 3,600 bytes (gzip).
 */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

const UNUSED = {
  'hono-base.js': ['route', 'basePath', 'mount', 'request', 'fire', '#clone'],
  'context.js': [
    'get event',
    'render',
    'setLayout',
    'getLayout',
    'setRenderer',
    'header',
    'status',
    'get var',
    '#newResponse',
    'newResponse',
    'body',
    'text',
    'json',
    'html',
    'redirect',
    'notFound',
  ],
  'request.js': [
    'param',
    '#getDecodedParam',
    '#getAllDecodedParams',
    '#getParamValue',
    'query',
    'queries',
    'async parseBody',
    '#cachedBody',
    'json',
    'text',
    'arrayBuffer',
    'bytes',
    'blob',
    'formData',
    'addValidatedData',
    'valid',
    'get [GET_MATCH_RESULT]',
    'get routePath',
  ],
}

/** The path is read by the platform's parser (`getPath` in edge/index.ts), never decoded by hand as Hono's own reader does. */
const INSTEAD = {
  'hono-base.js': [
    ['strict ?? true ? options.getPath ?? getPath : getPathNoStrict', 'options.getPath'],
    // `on` says all that `get`, `post` and the others say.
    [/^\t\t\[\.\.\.METHODS, "all"\]\.forEach\([\s\S]*?^\t\t\}\);\n/m, ''],
    [/^(?:\t(?:get|post|put|delete|options|patch|query|all);\n)+/m, ''],
    // The route table sets both.
    ['errorHandler = errorHandler;', 'errorHandler;'],
    ['#notFoundHandler = notFoundHandler;', '#notFoundHandler;'],
  ],
}

/** A method, or a property that holds a function, as Hono's own formatter indents them: from its name to its last brace. */
const memberPattern = (name) =>
  new RegExp(
    `^\\t${name.replace(/[[\]]/g, '\\$&')}(?:\\(.*\\) \\{$[\\s\\S]*?^\\t\\}$| = \\(.*\\) => (?:\\{$[\\s\\S]*?^\\t\\};$|.*;$))`,
    'gm',
  )

function lean(source, file) {
  for (const name of UNUSED[file]) {
    const found = source.match(memberPattern(name))?.length ?? 0
    if (found !== 1) throw new Error(`lean-hono: ${found} instead of 1 of ${name} in ${file}`)
    source = source.replace(memberPattern(name), '')
  }
  for (const [what, instead] of INSTEAD[file] ?? []) {
    if (source.split(what).length !== 2) throw new Error(`lean-hono: not once in ${file}: ${what}`)
    source = source.replace(what, instead)
  }
  return source
}

/** An esbuild plugin. */
export const leanHono = {
  name: 'lean-hono',
  setup(build) {
    build.onLoad({ filter: /hono[\\/]dist[\\/](hono-base|context|request)\.js$/ }, async ({ path }) => ({
      contents: lean(await readFile(path, 'utf8'), basename(path)),
      loader: 'js',
    }))
  },
}
