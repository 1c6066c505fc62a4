/** What the search knows of a section; the index is written with these options and must be read with the same. */
import type { Options } from 'minisearch'

export type Section = { id: string; page: string; title: string; text: string }

export const SEARCH_OPTIONS: Options<Section> = {
  fields: ['title', 'page', 'text'],
  storeFields: ['title', 'page'],
  // `origin_not_allowed` and `data-api-key` are found whole and by their parts.
  tokenize: (text) => text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''),
  searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.2, combineWith: 'AND' },
}
