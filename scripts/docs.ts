/** `npm run docs`: builds the site of the docs into `dist/docs`, and checks every link on the way. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { execPath, exit } from 'node:process'
import { docFiles, root } from './docs/files.ts'
import { brokenLinks } from './docs/links.ts'
import { buildSite } from './docs/site.ts'

const broken = docFiles().flatMap((file) => brokenLinks(file, readFileSync(root + file, 'utf8')))
for (const sentence of broken) console.error(sentence)
if (broken.length > 0) exit(1)
const built = spawnSync(execPath, [`${root}esbuild.config.mjs`], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
if (built.status !== 0) exit(1)
const pages = await buildSite(`${root}dist/docs`)
console.log(`dist/docs: ${pages.length} pages; open dist/docs/index.html, or serve the folder as /docs`)
