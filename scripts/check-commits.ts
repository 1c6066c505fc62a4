/** `node scripts/check-commits.ts <range>`: checks the subjects of these commits against the rules in CONTRIBUTING.md. */
import { execFileSync } from 'node:child_process'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'

/** The length that `git log --oneline` shows completely in a terminal of 80 columns. */
const LONGEST = 72
const FORM = /^[a-z][a-z0-9-]*: [^\s.].*[^\s.]$/

/** What to change about a commit's subject, or `undefined` if it is right. Subjects that git itself writes are allowed. */
export function subjectMistake(subject: string): string | undefined {
  if (/^Revert ".*"$/.test(subject)) return undefined
  if (!FORM.test(subject)) return 'write `area: what`, as in `docs: find pages by synonyms`, without a full stop'
  if (subject.length > LONGEST) return `write at most ${LONGEST} letters; these are ${subject.length}`
  return undefined
}

function main(range: string | undefined): void {
  if (range === undefined || range.startsWith('-')) {
    console.error('Name the commits, as in: node scripts/check-commits.ts main..HEAD')
    exit(2)
  }
  const log = execFileSync('git', ['log', '--no-merges', '--format=%h %s', range, '--'], { encoding: 'utf8' })
  const lines = log.split('\n').filter((line) => line !== '')
  const wrong = lines.flatMap((line) => {
    const mistake = subjectMistake(line.slice(line.indexOf(' ') + 1))
    return mistake === undefined ? [] : [`${line}\n  ${mistake}`]
  })
  for (const sentence of wrong) console.error(sentence)
  if (wrong.length > 0) exit(1)
  console.log(`commits: ${lines.length} subjects are fine`)
}

if (argv[1] === fileURLToPath(import.meta.url)) main(argv[2])
