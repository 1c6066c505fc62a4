/** The files that a visitor's browser loads after the launcher, by name: `chunks/<release>/<name>.js`. */
import { readdirSync } from 'node:fs'

const widget = new URL('../../widget/', import.meta.url)

/** The panel includes Preact and the client, so that a first chat needs one file. */
export const PANEL = { panel: 'widget/panel/index.tsx' }

/**
 * Each folder of `widget/chunks/` is a chunk. The client is a separate chunk for pages whose rules start before the
 * panel has loaded.
 */
export const chunks = (): Record<string, string> => ({
  client: 'widget/client/index.ts',
  ...Object.fromEntries(
    readdirSync(new URL('chunks/', widget), { encoding: 'utf8', recursive: true })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => /^[^/]+\/index\.tsx?$/.test(path))
      .map((path) => [path.split('/')[0], `widget/chunks/${path}`]),
  ),
})

/** `de` has the German strings of a first chat, `more/de` those of forms, products and files. */
export const locales = (): Record<string, string> => Object.fromEntries([...localesIn(''), ...localesIn('more/')])

const localesIn = (folder: string): [name: string, file: string][] =>
  readdirSync(new URL(`locales/${folder}`, widget))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [folder + file.replace('.ts', ''), `widget/locales/${folder}${file}`])
