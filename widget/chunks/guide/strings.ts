/** The words of the guide's chunks, in the language that the panel speaks just now. */
import type { MoreModule } from '../../chunk-api/core.ts'
import type { PanelHost } from '../../panel/slots.ts'
import type { Words } from './chunk-props.ts'
import { type Lazy, lazy } from './load-once.ts'

export type WordsSource = {
  get: () => Words | undefined
  /** What `get` waits for. */
  now: () => Lazy<MoreModule>
  ready: () => Promise<Words>
}

export function wordsOf({ core, strings, draw }: PanelHost): WordsSource {
  const languages = new Map<string, Lazy<MoreModule>>()
  const load = () => core.load<MoreModule>(`more/${strings().code}`)
  const whole = (more: MoreModule): Words => {
    const own: Partial<Words> = Object(core.wishes.strings)
    return { ...strings(), ...more.default, ...own }
  }
  const now = () => {
    const { code } = strings()
    const language = languages.get(code) ?? lazy(load, draw)
    languages.set(code, language)
    return language
  }
  return {
    now,
    ready: async () => whole(await load()),
    get() {
      const more = now().get()
      return more && whole(more)
    },
  }
}
