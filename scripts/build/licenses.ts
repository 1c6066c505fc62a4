/** The licences of the libraries that are bundled into the package: they must be included with the code. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import * as v from 'valibot'

const Library = v.object({ name: v.string(), version: v.string(), license: v.string() })

/** The text of `licenses.txt` for everything that `entryPoints` bundle. `root` is the project's folder. */
export async function licensesText(root: string, entryPoints: readonly string[]): Promise<string> {
  const { metafile } = await build({
    entryPoints: [...entryPoints],
    absWorkingDir: root,
    outdir: root,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['worker', 'browser'],
    mainFields: ['module', 'main'],
    external: ['cloudflare:*'],
    loader: { '.css': 'text' },
    metafile: true,
    write: false,
    logLevel: 'warning',
  })
  const folders = Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [])
  return [...new Set(folders)]
    .sort()
    .map((folder) => licenseOf(join(root, folder)))
    .join('\n\n')
}

function licenseOf(folder: string): string {
  const { name, version, license } = v.parse(Library, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
  const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`
  return `${name} ${version} (${license})${text}\n`
}
