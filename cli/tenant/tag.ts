/** What an owner pastes: the tag, the same pinned to one version with its hash, and the lines for a Content Security Policy. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VERSION } from '../../edge/base/version.ts'
import { projectRoot } from './project.ts'

export type Paste = { tag: string; pinned: string; integrity: string; csp: string[] }

/** Reads the built launcher, so call it after the build. */
export async function toPaste(url: string): Promise<Paste> {
  const file = `v/${VERSION}/widget.js`
  const launcher = await readFile(join(projectRoot, 'dist/assets', file))
  const integrity = `sha384-${createHash('sha384').update(launcher).digest('base64')}`
  return {
    tag: `<script async src="${url}/widget.js"></script>`,
    // Without `crossorigin` a browser cannot check the hash of another origin's script, and refuses it.
    pinned: `<script async src="${url}/${file}" integrity="${integrity}" crossorigin="anonymous"></script>`,
    integrity,
    csp: [`script-src ${url}`, `connect-src ${url}`],
  }
}
