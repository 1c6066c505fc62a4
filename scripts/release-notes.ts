/** `node scripts/release-notes.ts v1.2.3`: prints the section of CHANGELOG.md for the version of this tag. */
import { readFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { manifest } from './manifest.ts'

/**
 * The section of `changelog` for `tag`. Throws with a sentence if the tag does not name `version`, or if the
 * changelog does not begin with it.
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, but package.json says ${version}: tag it v${version}.`)
  const [, first = '', ...others] = changelog.split(/^## /m)
  const [heading = '', ...lines] = first.split('\n')
  if (heading.trim() === version) return `${lines.join('\n').trim()}\n`
  const where = others.some((section) => section.startsWith(`${version}\n`)) ? 'not the newest' : 'missing'
  throw new Error(`The section ## ${version} of CHANGELOG.md is ${where}: run npm run next-version before the tag.`)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const changelog = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8')
    console.log(releaseNotes(argv[2] ?? '', manifest().version, changelog))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    exit(1)
  }
}
