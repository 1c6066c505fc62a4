/** Builds the installer's files. The same sources give the same bytes. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { placed } from '../../installer/page.ts'

const sources = fileURLToPath(new URL('../../installer/', import.meta.url))

export const INSTALLER_FILES = [
  ...['index.html', 'preview.html', 'token-secret.html', 'style.css'],
  ...['main.js', 'preview.js', 'token-secret.js'],
]

/**
 * Writes the files into `folder`. `edge` is as in `installer/page.ts`; without it, whoever serves the files fills it
 * in.
 */
export async function buildInstaller(folder: string, edge?: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: ['main.ts', 'preview.ts', 'token-secret.ts'].map((entry) => sources + entry),
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    absWorkingDir: sources,
    logLevel: 'warning',
  })
  for (const file of ['style.css', 'token-secret.html']) await cp(sources + file, `${folder}/${file}`)
  for (const page of ['index.html', 'preview.html']) {
    const html = await readFile(sources + page, 'utf8')
    await writeFile(`${folder}/${page}`, edge === undefined ? html : placed(html, edge))
  }
}
