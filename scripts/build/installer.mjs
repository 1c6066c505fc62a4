/** The installer's files, the same bytes for the same sources as everything that is built. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { placed } from '../../installer/page.ts'

const sources = fileURLToPath(new URL('../../installer/', import.meta.url))

export const INSTALLER_FILES = ['index.html', 'preview.html', 'style.css', 'main.js', 'preview.js']

/** Writes the files into `folder`. `edge` as `installer/page.ts` has it; left out, the place that serves them fills it in. */
export async function buildInstaller(folder, edge) {
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: [`${sources}main.ts`, `${sources}preview.ts`],
    outdir: folder,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    absWorkingDir: sources,
    logLevel: 'warning',
  })
  await cp(`${sources}style.css`, `${folder}/style.css`)
  for (const page of ['index.html', 'preview.html']) {
    const html = await readFile(sources + page, 'utf8')
    await writeFile(`${folder}/${page}`, edge === undefined ? html : placed(html, edge))
  }
}
