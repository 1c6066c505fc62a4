/** The search of the docs: the same code in the browser and in the tests. */
import MiniSearch, { type Options } from 'minisearch'
import { stemOf, subjectOf, synonymsOf, wordsOf } from './words.ts'

/**
 * A heading with the text and examples below it. `id` is its address on the site; `words` are other names that people
 * use for it.
 */
export type Section = { id: string; page: string; title: string; words: string; text: string; code: string }
/** A part of an excerpt. `marked` is true for a word of the question. */
export type Piece = { text: string; marked: boolean }
export type Found = { href: string; title: string; page: string; excerpt: Piece[] }

/** The index must be read with the options that it was written with. */
const OPTIONS: Options<Section> = {
  fields: ['title', 'page', 'words', 'text', 'code'],
  storeFields: ['title', 'page', 'text'],
  tokenize: wordsOf,
  processTerm: stemOf,
}
/** `subjectOf` splits a question, so each search here is for one stem. */
const ONE_STEM = {
  tokenize: (stem: string) => [stem],
  processTerm: (stem: string) => stem,
  boost: { title: 3, page: 2, words: 4, code: 0.5 },
}
const SYNONYM_WEIGHT = 0.5
/** Pages for contributors answer an owner's question only if no other page does. */
const WEIGHTS: Readonly<Record<string, number>> = {
  decisions: 0.001,
  index: 0.1,
  changelog: 0.1,
  contributing: 0.1,
  architecture: 0.3,
  security: 0.4,
  benchmarks: 0.9,
  'threat-model': 0.5,
  capacity: 0.5,
  about: 0.5,
}
const SECTIONS_A_PAGE = 2
/** The share of the best score below which a result is left out, because it only shares a common word with the question. */
const LEAST_OF_BEST = 0.06
const EXCERPT_LETTERS = 180

export function createIndex(sections: readonly Section[]): MiniSearch<Section> {
  const index = new MiniSearch<Section>(OPTIONS)
  index.addAll(sections)
  return index
}

export const readIndex = (json: string): MiniSearch<Section> => MiniSearch.loadJSON<Section>(json, OPTIONS)

/** The sections that answer a question, best first: those with all of its words before those with some. */
export function find(index: MiniSearch<Section>, question: string, most = 12): Found[] {
  const stems = subjectOf(question)
  const scores = new Map<string, { score: number; matched: number; terms: Set<string>; section: Section }>()
  for (const [at, stem] of stems.entries()) {
    for (const [id, hit] of hitsOf(index, stem, at === stems.length - 1)) {
      const known = scores.get(id) ?? { score: 0, matched: 0, terms: new Set(), section: hit.section }
      scores.set(id, known)
      known.score += hit.score
      known.matched += 1
      for (const term of hit.terms) known.terms.add(term)
    }
  }
  const ranked = [...scores.values()]
    .map((hit) => ({
      ...hit,
      score: hit.score * (hit.matched / stems.length) ** 2 * (WEIGHTS[pageIn(hit.section.id)] ?? 1),
    }))
    .sort((a, b) => b.score - a.score)
  const least = (ranked[0]?.score ?? 0) * LEAST_OF_BEST
  return byPage(ranked.filter(({ score }) => score >= least))
    .slice(0, most)
    .map(({ section, terms }) => ({
      href: section.id,
      title: section.title,
      page: section.page,
      excerpt: excerptOf(section.text, terms),
    }))
}

type Hit = { score: number; terms: Set<string>; section: Section }

/**
 * Searches for one stem: the stem, words that begin with it if it may be unfinished, its synonyms, and similar
 * spellings if it is unknown.
 */
function hitsOf(index: MiniSearch<Section>, stem: string, last: boolean): Map<string, Hit> {
  const synonyms = synonymsOf(stem).map((other) => ({ stem: other, weight: SYNONYM_WEIGHT, fuzzy: false }))
  const asked = [{ stem, weight: 1, fuzzy: false }, ...synonyms]
  if (synonyms.length === 0 && index.search(stem, ONE_STEM).length === 0) asked.push({ stem, weight: 1, fuzzy: true })
  const hits = new Map<string, Hit>()
  for (const { stem: term, weight, fuzzy } of asked) {
    const prefix = term.length > 3 || (last && term.length > 2)
    const found = index.search(term, {
      ...ONE_STEM,
      prefix,
      ...(fuzzy && { fuzzy: term.length < 4 ? 0 : term.length < 7 ? 1 : 2 }),
    })
    for (const result of found) {
      const hit = hits.get(result.id)
      const terms = new Set([...(hit?.terms ?? []), ...result.terms])
      const section = {
        id: String(result.id),
        title: String(result.title),
        page: String(result.page),
        text: String(result.text),
        words: '',
        code: '',
      }
      hits.set(result.id, { score: Math.max(hit?.score ?? 0, result.score * weight), terms, section })
    }
  }
  return hits
}

const pageIn = (id: string): string => id.replace(/\.html.*$/, '')

/** Pages in the order of their best section, with at most two sections each, so that one page does not fill the list. */
function byPage<T extends { section: Section }>(ranked: readonly T[]): T[] {
  const pages = Map.groupBy(ranked, ({ section }) => pageIn(section.id))
  return [...pages.values()].flatMap((sections) => sections.slice(0, SECTIONS_A_PAGE))
}

/** The part of the text with most of the words, cut at spaces. */
function excerptOf(text: string, terms: ReadonlySet<string>): Piece[] {
  const parts = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[^\p{L}\p{N}])(?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}])(?=[^\p{L}\p{N}])/u)
  const pieces = parts.map((part) => ({ text: part, marked: terms.has(stemOf(part)) }))
  let best = { from: 0, marks: -1 }
  for (let from = 0; from < pieces.length; from += 1) {
    if (from > 0 && !pieces[from]?.marked) continue
    const marks = new Set(
      window(pieces, from)
        .filter(({ marked }) => marked)
        .map(({ text: word }) => stemOf(word)),
    ).size
    if (marks > best.marks) best = { from, marks }
  }
  // Some words before the first match give it context.
  const from = Math.max(0, best.from - 12)
  const shown = window(pieces, from)
  const dots = (at: boolean): Piece[] => (at ? [{ text: '…', marked: false }] : [])
  return [...dots(from > 0), ...shown, ...dots(from + shown.length < pieces.length)]
}

/** As many pieces from here as fit into an excerpt. */
function window(pieces: readonly Piece[], from: number): Piece[] {
  let letters = 0
  let to = from
  for (; to < pieces.length && letters < EXCERPT_LETTERS; to += 1) letters += pieces[to]?.text.length ?? 0
  return pieces.slice(from, to)
}
