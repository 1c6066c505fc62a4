/**
 * `npm run mutants [-- word]`: removes each defence in a copy of the project, runs its test, and expects the test to
 * fail. Writes the table of docs/security.md. It is not part of `npm test`: run it when a defence or its test
 * changes. Written by hand instead of Stryker, whose random edits need hours and hit few defences: each edit here
 * removes one defence.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { argv, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { script } from './options.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const copy = join(root, '.tmp/mutants')

/**
 * `threat` is a row of section 6 of the design. `find` occurs once in `file`; with `instead` in its place, `test`
 * must fail.
 */
export type Mutant = { threat: string; defence: string; file: string; test: string; find: string; instead: string }

/** Reads scripts/mutants.txt. Throws with a line that belongs to no mutant. */
export function readMutants(text: string): Mutant[] {
  const mutants: Mutant[] = []
  let threat = ''
  const [, ...lines] = text.slice(text.indexOf('\n## ')).split('\n')
  for (const line of lines) {
    const last = mutants.at(-1)
    const [defence = '', file = '', test = ''] = line.split(' | ')
    if (line.startsWith('## ')) threat = line.slice(3)
    else if (test !== '' && !/^[-+] /.test(line)) mutants.push({ threat, defence, file, test, find: '', instead: '' })
    else if (last && line.startsWith('- ')) last.find += `${last.find && '\n'}${line.slice(2)}`
    else if (last && line.startsWith('+ ')) last.instead += `${last.instead && '\n'}${line.slice(2)}`
    else if (line !== '') throw new Error(`scripts/mutants.txt: “${line}” is no part of a mutant`)
  }
  return mutants
}

export const MUTANTS = readMutants(readFileSync(join(root, 'scripts/mutants.txt'), 'utf8'))

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

/** Whether the test fails without the defence. */
function noticed({ file, find, instead, test }: Mutant): boolean {
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  const places = sound.split(find).length - 1
  if (places !== 1) throw new Error(`${file} has ${places} places instead of one: ${find}`)
  writeFileSync(
    path,
    sound.replace(find, () => instead),
  )
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs')
  // The project of a test is named after its folder.
  const { status } = spawnSync(execPath, [vitest, 'run', '--project', `${test.split('/')[1]}*`, test], {
    cwd: copy,
    encoding: 'utf8',
  })
  writeFileSync(path, sound)
  return status !== 0
}

/** Writes the table of docs/security.md between its markers: only defences whose removal made a test fail. */
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

function main(word = ''): void {
  const wanted = MUTANTS.filter(({ threat, defence }) => `${threat} ${defence}`.includes(word))
  if (wanted.length === 0) {
    console.error(`No mutant's threat or defence holds “${word}”: docs/security.md lists all of them.`)
    process.exitCode = 1
    return
  }
  makeCopy()
  let survivors = 0
  for (const mutant of wanted) {
    const found = noticed(mutant)
    if (!found) survivors++
    console.log(`${found ? 'noticed ' : 'SURVIVED'}  ${mutant.defence}  (${mutant.test})`)
  }
  rmSync(copy, { recursive: true, force: true })
  if (wanted.length === MUTANTS.length && survivors === 0) writeTable()
  console.log(`${wanted.length - survivors} of ${wanted.length} noticed`)
  if (survivors > 0) process.exitCode = 1
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  script('mutants', 'takes each defence out in a copy of the project, and expects its test to fail; about 20 minutes')
    .argument('[word]', 'only the mutants whose threat or defence holds this word')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run mutants\n  npm run mutants -- redirect\n\nExit code: 0 all noticed, 1 one survived or none was found.',
    )
    .action(main)
    .parse()
}
