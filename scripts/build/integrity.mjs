/** `integrity.json`: what this release is made of, for owners who pin a version and for the deploy that follows. */
import { createHash } from 'node:crypto'

/** Subresource Integrity's form of a hash. */
export const sha384 = (bytes) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`

/**
 * The text of the file. `tag` names the example's Worker, because one build serves any: `npm run release` prints it with
 * yours. `kept` lists earlier releases whose files are deployed beside this one.
 */
export function integrityText({ version, release, files, kept = [] }) {
  const table = Object.fromEntries(files.map(({ file, code }) => [file, sha384(code)]).sort())
  const tag = `<script async src="https://chat.example.com/v/${version}/widget.js" integrity="${table['widget.js']}" crossorigin="anonymous"></script>`
  return `${JSON.stringify({ version, release, tag, files: table, kept }, null, 2)}\n`
}
