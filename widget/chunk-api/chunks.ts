/**
 * Every file that loads after the launcher, by its name, with the type of what it exports: `load('bubble')` resolves with
 * the exports of `widget/chunks/bubble/index.ts`. Only types are imported here, so the launcher carries none of them.
 * test/widget/chunks.test.ts compares the names with the files that the build makes.
 */
import type * as api from '../chunks/api/index.ts'
import type * as bubble from '../chunks/bubble/index.ts'
import type * as challenge from '../chunks/challenge/index.ts'
import type * as details from '../chunks/details/index.tsx'
import type * as files from '../chunks/files/index.tsx'
import type * as forms from '../chunks/forms/index.ts'
import type * as fullscreen from '../chunks/fullscreen/index.ts'
import type * as guide from '../chunks/guide/index.tsx'
import type * as handoff from '../chunks/handoff/index.tsx'
import type * as longText from '../chunks/long-text/index.tsx'
import type * as observe from '../chunks/observe/index.ts'
import type * as pageContext from '../chunks/page-context/index.ts'
import type * as pageRules from '../chunks/page-rules/index.ts'
import type * as products from '../chunks/products/index.tsx'
import type * as reply from '../chunks/reply/index.tsx'
import type * as rich from '../chunks/rich/index.tsx'
import type * as schedule from '../chunks/schedule/index.tsx'
import type * as scroll from '../chunks/scroll/index.ts'
import type * as sidebar from '../chunks/sidebar/index.ts'
import type * as sound from '../chunks/sound/index.ts'
import type * as tabs from '../chunks/tabs/index.ts'
import type * as text from '../chunks/text/index.ts'
import type * as topLayer from '../chunks/top-layer/index.ts'
import type * as client from '../client/index.ts'
import type * as panel from '../panel/index.tsx'
import type { Language, MoreStrings, Strings } from './strings.ts'

export type Chunks = {
  panel: typeof panel
  client: typeof client
  api: typeof api
  bubble: typeof bubble
  challenge: typeof challenge
  details: typeof details
  files: typeof files
  forms: typeof forms
  fullscreen: typeof fullscreen
  guide: typeof guide
  handoff: typeof handoff
  'long-text': typeof longText
  observe: typeof observe
  'page-context': typeof pageContext
  'page-rules': typeof pageRules
  products: typeof products
  reply: typeof reply
  rich: typeof rich
  schedule: typeof schedule
  scroll: typeof scroll
  sidebar: typeof sidebar
  sound: typeof sound
  tabs: typeof tabs
  text: typeof text
  'top-layer': typeof topLayer
} & { [Code in Language]: { default: Strings } } & { [Code in `more/${Language}`]: { default: MoreStrings } }

export type ChunkName = keyof Chunks

/** Loads a chunk by its name. Rejects when the browser cannot have it. */
export type Load = <Name extends ChunkName>(name: Name) => Promise<Chunks[Name]>

/** Loads chunks from the addresses that `urlOf` gives. */
export const chunkLoader =
  (urlOf: (name: ChunkName) => string): Load =>
  (name) => {
    const url = urlOf(name)
    // A browser may remember that a module failed, so it is asked for once more under an address that is new each time.
    return import(url).catch(() => import(`${url}?${Math.random()}`))
  }
