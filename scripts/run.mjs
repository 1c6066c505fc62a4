/**
 * `node scripts/run.mjs cli/index.ts start …` runs a program of this project, or says in one sentence that `npm ci`
 * is missing. Without it there is no package to import and no Node that reads TypeScript, and both end in a stack
 * trace. This file is JavaScript for every Node and imports only built-in modules.
 */
import { existsSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const [program = '', ...words] = process.argv.slice(2)

if (!existsSync(new URL('node_modules/.package-lock.json', root))) {
  console.error('The packages of this project are not installed yet: run npm ci first.')
  process.exit(1)
}
if (!process.features.typescript) {
  console.error(
    `Node ${process.versions.node} cannot run TypeScript: run this by npm, which brings a Node of its own, or with Node 22.18 or later.`,
  )
  process.exit(1)
}
const url = new URL(program, root)
// Changed in place, because modules that import `argv` by name share this array.
process.argv.splice(1, process.argv.length, fileURLToPath(url), ...words)
await import(url.href)
