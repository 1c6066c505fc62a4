/**
 * `npm run mutants [word]`: takes each defence out in a copy of the project, runs its tests, and expects them to fail.
 * Writes the table of docs/security.md. Not part of `npm test`: it is the check of the checks, for when either changes.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { MUTANTS } from './mutants/list.ts'
import type { Mutant } from './mutants/mutant.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = join(root, '.tmp/mutants')

function makeCopy(): void {
  rmSync(copy, { recursive: true, force: true })
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  for (const file of files.split('\n').filter(Boolean)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  cpSync(join(root, 'dist'), join(copy, 'dist'), { recursive: true })
}

const room = (project: Mutant['project']): string[] =>
  project === 'e2e' ? ['--config', 'vitest.e2e.config.ts'] : ['--project', project]

/** Did the tests notice? */
function noticed({ file, find, instead, project, test }: Mutant): boolean {
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  const places = sound.split(find).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places instead of one: ${find}`)
  writeFileSync(
    path,
    sound.replace(find, () => instead),
  )
  const { status } = spawnSync(
    execPath,
    [join(copy, 'node_modules/vitest/vitest.mjs'), 'run', ...room(project), test],
    { cwd: copy, encoding: 'utf8' },
  )
  writeFileSync(path, sound)
  return status !== 0
}

/** The table of docs/security.md, between its markers: only what was seen to be noticed gets into it. */
function writeTable(): void {
  const path = join(root, 'docs/security.md')
  const rows = MUTANTS.map(
    ({ threat, defence, file, test }, at) =>
      `| ${threat === MUTANTS[at - 1]?.threat ? '' : threat} | ${defence} | \`${file}\` | \`${test}\` |`,
  )
  const table = ['| Threat | Defence | In | Test that fails without it |', '|---|---|---|---|', ...rows].join('\n')
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(/(<!-- defences -->\n)[\s\S]*(<!-- end -->)/, (_, start, end) => `${start}\n${table}\n\n${end}`),
  )
}

const wanted = MUTANTS.filter(({ threat, defence }) => `${threat} ${defence}`.includes(argv[2] ?? ''))
makeCopy()
const survivors: Mutant[] = []
for (const mutant of wanted) {
  const found = noticed(mutant)
  if (!found) survivors.push(mutant)
  console.log(`${found ? 'noticed ' : 'SURVIVED'}  ${mutant.defence}  (${mutant.test})`)
}
rmSync(copy, { recursive: true, force: true })
if (wanted.length === MUTANTS.length && survivors.length === 0) writeTable()
console.log(`${wanted.length - survivors.length} of ${wanted.length} noticed`)
exit(survivors.length === 0 ? 0 : 1)
