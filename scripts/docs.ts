/** `npm run docs`: builds the documentation site into `dist/docs` and checks every link. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { argv, execPath, exit } from 'node:process'
import { markdownFiles, root } from './docs/files.ts'
import { brokenLinks } from './docs/links.ts'
import { buildSite } from './docs/site.ts'

const HELP = `npm run docs

Builds the site of the docs, with its search, into dist/docs. Refuses when a link of the docs leads nowhere.

  --help  this text

Exit code: 0 done, 1 a link is broken or the build failed, 64 wrong usage.`

const [word, ...more] = argv.slice(2)
if (word === '--help' && more.length === 0) {
  console.log(HELP)
  exit(0)
}
if (word !== undefined) {
  console.error(`npm run docs takes no ${[word, ...more].join(' ')}.\n\n${HELP}`)
  exit(64)
}
const broken = markdownFiles().flatMap((file) => brokenLinks(file, readFileSync(root + file, 'utf8')))
for (const sentence of broken) console.error(sentence)
if (broken.length > 0) exit(1)
const built = spawnSync(execPath, [`${root}esbuild.config.mjs`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
if (built.status !== 0) exit(1)
const pages = await buildSite(`${root}dist/docs`)
console.log(`dist/docs: ${pages.length} pages; open dist/docs/index.html, or serve the folder as /docs`)
