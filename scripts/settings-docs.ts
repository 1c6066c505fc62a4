/**
 * `npm run settings`: writes the table of docs/settings.md from the schema that the Worker reads its settings with.
 * `--check` only compares the table, for the lint.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { SETTING_NOTES } from '../edge/settings/notes.ts'
import { script } from './options.ts'

const { check } = script('settings', 'writes the table of docs/settings.md from the schema of the settings')
  .option('--check', 'fails when the page is out of step, and writes nothing')
  .parse()
  .opts<{ check?: true }>()
const PATH = fileURLToPath(new URL('../docs/settings.md', import.meta.url))
/** The only table of the page: from its head to the first empty line. */
const TABLE = /^\| Name [\s\S]*?(?=\n\n)/m

/** The table with aligned columns. */
function table(): string {
  const rows = SETTING_NOTES.map(({ name, kind, meaning, default: fallback }) => [
    `\`${name}\``,
    kind,
    fallback === undefined ? '' : `\`${fallback}\``,
    meaning,
  ])
  const head = ['Name', 'Kind', 'Default', 'Meaning']
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const page = readFileSync(PATH, 'utf8')
if (!TABLE.test(page)) throw new Error('docs/settings.md has no table to replace')
const written = page.replace(TABLE, table)
if (written === page) console.log('docs/settings.md is up to date')
else if (check) {
  console.error('docs/settings.md is not what the schema of the settings says: npm run settings')
  exit(1)
} else {
  writeFileSync(PATH, written)
  console.log('docs/settings.md is written anew')
}
