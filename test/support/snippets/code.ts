/**
 * TypeScript and JavaScript of the docs: the compiler accepts all of it in one run, and the bundler resolves its
 * imports.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { execPath } from 'node:process'
import { build } from 'esbuild'
import { markOf, type Snippet } from './blocks.ts'

export const CODE_LANGUAGES = ['ts', 'tsx', 'js', 'jsx', 'mjs']
/** Inside the project, so that its packages and its own name resolve as in a reader's project. */
const FOLDER = '.tmp/snippets'

/** Packages that a reader has and this project does not: their types are not checked, everything around them is. */
const READERS_PACKAGES = ['@supabase/supabase-js']

/** The messages of the compiler and the bundler, one line each, with the place in the docs. */
export async function codeMistakes(snippets: readonly Snippet[]): Promise<string[]> {
  if (snippets.length === 0) return []
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const names = snippets.map((snippet, at) => {
    const name = `${at}.${snippet.language}`
    const given = markOf(snippet, 'given')
    // The given code takes one line, so that the compiler's line numbers count from the fence.
    writeFileSync(`${FOLDER}/${name}`, `${given?.replaceAll('\n', ' ') ?? ''};export {}\n${snippet.code}`)
    return name
  })
  writeFileSync(`${FOLDER}/readers.d.ts`, READERS_PACKAGES.map((name) => `declare module '${name}'\n`).join(''))
  writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(CONFIG))
  // Line 1 of a file is generated, so its line 2 is the line after the fence.
  const where = (text: string) =>
    text.replace(/(?:\.tmp\/snippets\/)?(\d+)\.[a-z]+(?:\((\d+),\d+\))?/, (all, at, line = '1') => {
      const snippet = snippets[Number(at)]
      return snippet ? `${snippet.file}:${snippet.line + Number(line) - 1}` : all
    })
  const { stdout } = spawnSync(execPath, ['node_modules/typescript/bin/tsc', '-p', FOLDER, '--pretty', 'false'], {
    encoding: 'utf8',
  })
  const typed = stdout.split('\n').filter((line) => line.includes(' error ') || line.startsWith('error'))
  const bundled = await Promise.all(
    names.map((name) =>
      build({
        entryPoints: [`${FOLDER}/${name}`],
        bundle: true,
        write: false,
        packages: 'external',
        format: 'esm',
        logLevel: 'silent',
      }).then(
        () => [],
        (error: Error) => [`${FOLDER}/${name} ${error.message}`],
      ),
    ),
  )
  return [...typed, ...bundled.flat()].map(where)
}

const CONFIG = {
  extends: '../../tsconfig.json',
  compilerOptions: {
    allowJs: true,
    checkJs: true,
    noImplicitAny: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // Snippets stay short, so they may index arrays without a check.
    noUncheckedIndexedAccess: false,
    noEmit: true,
  },
  include: ['*', '../../widget/**/*.d.ts'],
  exclude: [],
}
