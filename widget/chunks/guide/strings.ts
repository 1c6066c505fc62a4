/** The strings of the guide's chunks, in the language that the panel speaks now. */
import { type AllStrings, type Language, type MoreStrings, withOwnStrings } from '../../chunk-api/strings.ts'
import type { PanelHost } from '../../panel/slots.ts'
import { type LoadOnce, loadOnce } from './load-once.ts'

type MoreModule = { default: MoreStrings }

export type StringsSource = {
  /** The strings, once they are there. */
  get: () => AllStrings | undefined
  /** The load that `get` waits for. */
  loading: () => LoadOnce<MoreModule>
  load: () => Promise<AllStrings>
}

export function stringsSource({ core, strings, draw }: PanelHost): StringsSource {
  const byLanguage = new Map<Language, LoadOnce<MoreModule>>()
  const loadMore = () => core.load(`more/${strings().code}`)
  const all = (more: MoreModule): AllStrings =>
    withOwnStrings({ ...strings(), ...more.default }, core.rawOptions.strings)
  const loading = () => {
    const { code } = strings()
    const known = byLanguage.get(code) ?? loadOnce(loadMore, draw)
    byLanguage.set(code, known)
    return known
  }
  return {
    loading,
    load: async () => all(await loadMore()),
    get() {
      const more = loading().get()
      return more && all(more)
    },
  }
}
