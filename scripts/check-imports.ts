/**
 * Checks the dependency rules of the design: the layers of the edge, what the widget may load when, which folders
 * nothing may import, and which modules may read a secret. Biome finds import cycles (`noImportCycles`).
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'

export type Breach = { file: string; line: number; why: string }

/** Static imports, re-exports and literal dynamic imports. Group 1 is `type` if only types are imported. */
const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

/** From top to bottom. A module imports its own folder and the folders of lower rows; types count too. */
const EDGE_LAYERS = [
  ['index.ts'],
  ['api'],
  ['app'],
  ['ledger'],
  ['caty', 'outbox', 'supabase'],
  ['settings'],
  ['http'],
  ['token'],
  ['base'],
  ['contract'],
]
/** The same for the widget, where types do not count, because they load nothing. */
const WIDGET_LAYERS = ['chunks', 'panel', 'launcher']
/** Each folder, and who may import it besides itself, the tests and the configuration files. */
const PRIVATE_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  sandbox: [],
  cli: ['scripts'],
  scripts: [],
  examples: [],
  test: [],
}
/** The modules of the edge that may call `revealSecret`: each uses the secret itself. */
const MAY_REVEAL = ['edge/api/token/challenge.ts', 'edge/caty/client.ts']

/** Every violation of the rules in one source file. `file` is its path from the root. */
export function breachesIn(file: string, source: string): Breach[] {
  const lineAt = (index: number) => source.slice(0, index).split('\n').length
  const breaches = [...source.matchAll(IMPORT)].flatMap((match): Breach[] => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? ''
    if (!specifier.startsWith('.')) return []
    const target = normalize(join(dirname(file), specifier)).replaceAll('\\', '/')
    const why = forbidden(file, target, match[1] !== undefined)
    return why ? [{ file, line: lineAt(match.index), why: `${why} (${specifier})` }] : []
  })
  const reveals = source.indexOf('.revealSecret(')
  if (file.startsWith('edge/') && reveals >= 0 && !MAY_REVEAL.includes(file))
    breaches.push({ file, line: lineAt(reveals), why: `only ${MAY_REVEAL.join(', ')} may reveal a secret` })
  return breaches
}

function forbidden(file: string, target: string, typesOnly: boolean): string | undefined {
  const [from = '', fromPart = ''] = file.split('/')
  const [to = '', toPart = ''] = target.split('/')
  const importers = PRIVATE_FOLDERS[to]
  const isTest = from === 'test' || /^[^/]+\.config\.(ts|mjs)$|^\.size-limit\.mjs$/.test(file)
  if (importers && from !== to && !isTest && !importers.includes(from)) return `${to}/ is imported by nobody`
  if (from === 'widget' && to === 'edge' && !(typesOnly && toPart === 'contract'))
    return 'the widget takes types of edge/contract and nothing else of the edge'
  if (from === 'edge' && to === 'widget') return 'the edge knows nothing of the widget'
  if (from === 'edge' && to === 'edge' && fromPart !== toPart) {
    const [above, below] = [fromPart, toPart].map((part) => EDGE_LAYERS.findIndex((row) => row.includes(part)))
    if (above === undefined || below === undefined || above < 0 || below < 0) return 'the folder is in no layer'
    if (above === below) return `edge/${fromPart} and edge/${toPart} never import one another`
    if (above > below) return `edge/${fromPart} is below edge/${toPart}`
  }
  if (from === 'widget' && to === 'widget' && !typesOnly) {
    const [above, below] = [fromPart, toPart].map((part) => WIDGET_LAYERS.indexOf(part))
    if (above !== undefined && below !== undefined && below >= 0 && above > below)
      return `widget/${fromPart} would load widget/${toPart} with it`
  }
  return undefined
}

function main(): void {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'])
  const files = String(listed).trim().split('\n')
  const breaches = files.flatMap((file) => breachesIn(file, readFileSync(file, 'utf8')))
  for (const { file, line, why } of breaches) console.error(`${file}:${line} ${why}`)
  if (breaches.length > 0) exit(1)
  console.log(`imports: ${files.length} files keep the dependency rules`)
}

if (argv[1] === fileURLToPath(import.meta.url)) main()
