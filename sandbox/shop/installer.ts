/** Serves the installer from the build under `/installer/`, with the shop's edge filled in. */
import { readFileSync } from 'node:fs'
import { placed, policyOf } from '../../installer/page.ts'

const TYPES: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'preview.html': 'text/html; charset=utf-8',
  'style.css': 'text/css; charset=utf-8',
  'main.js': 'text/javascript; charset=utf-8',
  'preview.js': 'text/javascript; charset=utf-8',
}

export type InstallerFile = { type: string; body: string; policy: string }

/** A file of the installer, or `undefined` for any other path. */
export function installerFile(path: string, edge: string): InstallerFile | undefined {
  const name = path === '/installer/' ? 'index.html' : path.replace(/^\/installer\//, '')
  const type = TYPES[name]
  if (!path.startsWith('/installer/') || type === undefined) return undefined
  const text = readFileSync(new URL(`../../dist/installer/${name}`, import.meta.url), 'utf8')
  return {
    type,
    body: name.endsWith('.html') ? placed(text, edge) : text,
    policy: `${policyOf(edge)}; frame-ancestors 'self'`,
  }
}
