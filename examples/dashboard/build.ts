/**
 * Bundles the dashboard into static files for any host: `node examples/dashboard/build.ts [folder]` writes them, with
 * their headers in `_headers`. `npm start` serves the same files with `serve.ts`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))

export type Config = { edge: string; supabaseUrl: string; supabaseAnonKey: string }
/** In the order of the cascade. */
const STYLES = ['base', 'forms', 'rows', 'plots', 'narrow']

export type StaticFile = { type: string; text: string }

/** The static files by name, without `config.json`, which the host provides. */
export async function bundleDashboard(): Promise<Map<string, StaticFile>> {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: ['src/main.tsx'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'transform',
    jsxFactory: 'h',
    jsxFragment: 'Fragment',
    // esbuild would prefer a tsconfig.json of a parent folder, which may name another JSX factory.
    tsconfigRaw: '{}',
    write: false,
    legalComments: 'none',
  })
  const styles = await Promise.all(STYLES.map((name) => readFile(`${here}styles/${name}.css`, 'utf8')))
  return new Map([
    ['index.html', { type: 'text/html; charset=utf-8', text: await readFile(`${here}index.html`, 'utf8') }],
    ['style.css', { type: 'text/css; charset=utf-8', text: styles.join('\n') }],
    ['app.js', { type: 'text/javascript; charset=utf-8', text: outputFiles[0]?.text ?? '' }],
  ])
}

/**
 * Headers for every file. Scripts come only from this origin, calls go only to the edge and to Supabase, and no
 * string becomes markup: a script injected into a dashboard would have its user's session.
 */
export const headersFor = ({ edge, supabaseUrl }: Config): Record<string, string> => ({
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ${edge} ${supabaseUrl}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
})

async function main(folder: string): Promise<void> {
  const config = await readFile(`${here}config.json`, 'utf8')
  const files = await bundleDashboard()
  await mkdir(folder, { recursive: true })
  for (const [name, { text }] of files) await writeFile(`${folder}/${name}`, text)
  await writeFile(`${folder}/config.json`, config)
  const lines = Object.entries(headersFor(JSON.parse(config))).map(([name, value]) => `  ${name}: ${value}\n`)
  await writeFile(`${folder}/_headers`, `/*\n${lines.join('')}`)
  console.log(`wrote ${files.size + 2} files to ${folder}`)
}

if (argv[1] === fileURLToPath(import.meta.url)) await main(argv[2] ?? 'dist/dashboard')
