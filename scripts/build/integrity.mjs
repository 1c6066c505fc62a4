/** `integrity.json`: the files of this release with their hashes, for owners who pin a version and for the next deploy. */
import { createHash } from 'node:crypto'

/** The hash format of Subresource Integrity. */
export const sha384 = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`

/**
 * The text of the file. `tag` names an example Worker, because one build serves any Worker; `npm run release` prints
 * the tag with the real address. `kept` lists earlier releases whose files are deployed beside this one.
 */
export function integrityText({ version, release, files, kept = [] }) {
  const table = Object.fromEntries(files.map(({ file, code }) => [file, sha384(code)]).sort())
  const tag = `<script async src="https://chat.example.com/v/${version}/widget.js" integrity="${table['widget.js']}" crossorigin="anonymous"></script>`
  return `${JSON.stringify({ version, release, tag, files: table, kept }, null, 2)}\n`
}
