/**
 * `node scripts/address.ts`: writes the repository's address from package.json into the pages that need it, because
 * GitHub shows them as they are. A test fails if a page has another address.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { manifest, repositoryUrl } from './manifest.ts'

/** The pages, as paths from the root. */
export const PAGES_WITH_ADDRESS = ['README.md', 'docs/install.md']

/** `text` with `repository` in the address of the Deploy button and in the command that clones. */
export function withAddress(text: string, repository: string): string {
  return text
    .replaceAll(/(deploy\.workers\.cloudflare\.com\/\?url=)[^\s)"]+/g, (_, before: string) => before + repository)
    .replaceAll(/(\bgit clone )https:\S+( && cd )\S+/g, (_, clone: string, enter: string) => {
      return clone + repository + enter + repository.slice(repository.lastIndexOf('/') + 1)
    })
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of PAGES_WITH_ADDRESS) {
    const path = new URL(`../${page}`, import.meta.url)
    writeFileSync(path, withAddress(readFileSync(path, 'utf8'), repositoryUrl(manifest())))
  }
}
