/** The languages of the widget, and the sentences that each of them has. */
import type english from '../locales/en.ts'
import type moreEnglish from '../locales/more/en.ts'
import { isString, membersOf } from './untrusted.ts'

export const LANGUAGES = ['en', 'es', 'ro', 'fr', 'de', 'pt', 'it', 'nl', 'ru', 'ja', 'zh', 'ko', 'ar', 'hi'] as const
export type Language = (typeof LANGUAGES)[number]

/** What a first chat says in one language. */
export type Strings = { code: Language } & { [Name in Exclude<keyof typeof english, 'code'>]: string }

/** What forms, products, files and bubbles say in one language. */
export type MoreStrings = { [Name in keyof typeof moreEnglish]: string }

/** Everything there is to say in one language, with the owner's own sentences in place of ours. */
export type AllStrings = Strings & MoreStrings

/** The strings with the owner's own sentences (`configure({ strings })`) in place of ours. */
export function withOwnStrings<T extends Strings>(strings: T, own: unknown): T {
  const sentences = Object.entries(membersOf(own)).filter(([name, text]) => name !== 'code' && isString(text))
  return Object.assign({ ...strings }, Object.fromEntries(sentences))
}
