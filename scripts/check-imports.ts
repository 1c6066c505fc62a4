/**
 * The dependency rule of the design, as a check: what may import what, and who may reveal a secret. It reads the import
 * statements of the sources; a boundary that is only written in a document is crossed within a month.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'

export type Breach = { file: string; line: number; why: string }

/** Module specifiers of static imports, re-exports and literal dynamic imports; `type` when only types are taken. */
const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

const ALONE = ['sandbox/', 'cli/', 'scripts/', 'examples/', 'test/']
/** Who may call `revealSecret`: the module that sends the key to Caty, the ones that turn the token secrets and those of
 * webhooks into keys, the one that checks challenges, and the one that verifies users of a project which signs with a
 * shared secret. */
const MAY_REVEAL = [
  'edge/supabase/user-token.ts',
  'edge/caty/client.ts',
  'edge/token/key-ring.ts',
  'edge/outbox/keys.ts',
  'edge/api/token/challenge.ts',
]

/** Every breach of the rule in one source file. `file` is its path from the root. */
export function breachesIn(file: string, source: string): Breach[] {
  const breaches: Breach[] = []
  for (const match of source.matchAll(IMPORT)) {
    const line = source.slice(0, match.index).split('\n').length
    const specifier = match[2] ?? match[3] ?? match[4] ?? ''
    if (!specifier.startsWith('.')) continue
    const target = normalize(join(dirname(file), specifier)).replaceAll('\\', '/')
    const why = forbidden(file, target, match[1] !== undefined)
    if (why) breaches.push({ file, line, why: `${why} (${specifier})` })
  }
  if (file.startsWith('edge/') && file !== 'edge/base/secret.ts' && !MAY_REVEAL.includes(file)) {
    const at = source.indexOf('revealSecret(')
    if (at >= 0)
      breaches.push({
        file,
        line: source.slice(0, at).split('\n').length,
        why: 'only edge/caty/client.ts reads the key',
      })
  }
  return breaches
}

function forbidden(file: string, target: string, typesOnly: boolean): string | undefined {
  if (file.startsWith('widget/launcher/') && target.startsWith('widget/panel/') && !typesOnly) {
    return 'the launcher never imports the panel: it would load with the page'
  }
  if (file.startsWith('widget/') && target.startsWith('edge/') && !(typesOnly && target.startsWith('edge/contract/'))) {
    return 'the widget takes types of edge/contract and nothing else of the edge'
  }
  if (file.startsWith('edge/') && target.startsWith('widget/')) return 'the edge knows nothing of the widget'
  const room = ALONE.find((folder) => target.startsWith(folder))
  const fromTest = file.startsWith('test/') || /^[^/]+\.config\.(ts|mjs)$/.test(file)
  // The team's scripts start what an owner starts.
  const fromScripts = file.startsWith('scripts/') && room === 'cli/'
  if (room && !file.startsWith(room) && !fromTest && !fromScripts) return `${room} is imported by nobody`
  return undefined
}

function main(): void {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx', '*.mjs'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '')
  const breaches = files.flatMap((file) => breachesIn(file, readFileSync(file, 'utf8')))
  for (const { file, line, why } of breaches) console.error(`${file}:${line} ${why}`)
  if (breaches.length > 0) exit(1)
  console.log(`imports: ${files.length} files keep the dependency rule`)
}

if (argv[1] === fileURLToPath(import.meta.url)) main()
