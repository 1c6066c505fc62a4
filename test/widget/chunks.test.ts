// @vitest-environment node
/** The registry of chunks has a type for every file that the build makes, and a file for every type. */
import { expect, it } from 'vitest'
import { chunks, locales, PANEL } from '../../scripts/build/entry-points.ts'
import type { ChunkName } from '../../widget/chunk-api/chunks.ts'
import { LANGUAGES, type Language } from '../../widget/chunk-api/strings.ts'

/** The compiler refuses a name too many, and one too few. */
const REGISTERED = {
  panel: true,
  client: true,
  api: true,
  bubble: true,
  challenge: true,
  details: true,
  files: true,
  forms: true,
  fullscreen: true,
  guide: true,
  handoff: true,
  'long-text': true,
  observe: true,
  'page-context': true,
  'page-rules': true,
  products: true,
  reply: true,
  rich: true,
  schedule: true,
  scroll: true,
  sidebar: true,
  sound: true,
  tabs: true,
  text: true,
  'top-layer': true,
} satisfies Record<Exclude<ChunkName, Language | `more/${Language}`>, true>

it('has every chunk that is built', () => {
  expect(Object.keys(REGISTERED).sort()).toEqual(Object.keys({ ...PANEL, ...chunks() }).sort())
})

it('has both files of every language', () => {
  expect(LANGUAGES.flatMap((code) => [code, `more/${code}`]).sort()).toEqual(Object.keys(locales()).sort())
})
