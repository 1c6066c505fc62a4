/** What an owner pastes: the tag, the same pinned to one version with its hash, and the lines for a Content Security Policy. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VERSION } from '../../edge/base/version.ts'
import type { Run } from './run.ts'

export type Paste = { tag: string; pinned: string; integrity: string; csp: string[] }

/** `assets` is the folder that was uploaded. */
export async function toPaste(url: string, assets: string): Promise<Paste> {
  const file = `v/${VERSION}/widget.js`
  const launcher = await readFile(join(assets, file))
  const integrity = `sha384-${createHash('sha384').update(launcher).digest('base64')}`
  return {
    tag: `<script async src="${url}/widget.js"></script>`,
    // Without `crossorigin` a browser cannot check the hash of another origin's script, and refuses it.
    pinned: `<script async src="${url}/${file}" integrity="${integrity}" crossorigin="anonymous"></script>`,
    integrity,
    csp: [`script-src ${url}`, `connect-src ${url}`],
  }
}

export function sayPaste({ terminal }: Run, paste: Paste): void {
  terminal.say()
  terminal.say('Paste into every page, before </body>:')
  terminal.say(`  ${terminal.paint('cyan', paste.tag)}`)
  terminal.say()
  terminal.say('Or pinned to this version; a later one then needs a new tag:')
  terminal.say(`  ${terminal.paint('cyan', paste.pinned)}`)
  terminal.say()
  terminal.say('If the pages have a Content-Security-Policy, add to it:')
  for (const line of paste.csp) terminal.say(`  ${line}`)
}
