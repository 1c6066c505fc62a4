/** Every language has every string, and none is left in English by accident. */
import { describe, expect, it } from 'vitest'
import { languages } from '../../widget/launcher/options.ts'
import firstEnglish from '../../widget/locales/en.ts'
import moreEnglish from '../../widget/locales/more/en.ts'

type Words = Record<string, string>
type Language = { default: Words }

const load = async (read: (code: string) => Promise<Language>): Promise<Record<string, Words>> =>
  Object.fromEntries(
    await Promise.all(languages().map(async (code): Promise<[string, Words]> => [code, (await read(code)).default])),
  )
const first = await load((code) => import(`../../widget/locales/${code}.ts`))
const more = await load((code) => import(`../../widget/locales/more/${code}.ts`))
const others = languages().filter((code) => code !== 'en')

/** Strings that are the same in English. */
const COGNATES: Record<string, readonly string[]> = {
  de: ['name', 'newsletterTitle', 'launcher'],
  fr: ['newsletterTitle'],
  it: ['email', 'newsletterTitle'],
  pt: ['email', 'newsletterTitle'],
}
/** Languages that do not use Latin letters. A string without their letters was not translated. */
const OTHER_SCRIPTS: Record<string, RegExp> = {
  ru: /[а-яё]/i,
  ja: /[\u3040-\u30ff\u4e00-\u9fff]/,
  zh: /[\u4e00-\u9fff]/,
  ko: /[\uac00-\ud7af]/,
  ar: /[\u0600-\u06ff]/,
  hi: /[\u0900-\u097f]/,
}
const placeholders = (text: string | undefined) => (text?.match(/\{\w+\}/g) ?? []).sort()

describe.each([
  ['first chat', first, firstEnglish],
  ['forms, products and files', more, moreEnglish],
] as const)('the words of the %s', (_, words, english: Words) => {
  it.each(others)('%s has every string, with the same placeholders', (code) => {
    expect(Object.keys(words[code] ?? {}).sort()).toEqual(Object.keys(english).sort())
    for (const [name, text] of Object.entries(words[code] ?? {})) {
      expect(text.trim(), name).not.toBe('')
      expect(placeholders(text), `${code} ${name}`).toEqual(placeholders(english[name]))
    }
  })

  it.each(others)('%s has no string in English', (code) => {
    const same = Object.entries(words[code] ?? {})
      .filter(([name, text]) => text === english[name] && !COGNATES[code]?.includes(name))
      .map(([name]) => name)
    expect(same).toEqual([])
  })

  it.each(Object.keys(OTHER_SCRIPTS))('%s is written in its own script', (code) => {
    const foreign = Object.entries(words[code] ?? {})
      .filter(([name, text]) => name !== 'code' && !OTHER_SCRIPTS[code]?.test(text))
      .map(([name]) => name)
    expect(foreign).toEqual([])
  })
})

describe('punctuation', () => {
  const texts = (code: string) => [...Object.values(first[code] ?? {}), ...Object.values(more[code] ?? {})]

  it.each(['zh', 'ja'])('in %s is full-width', (code) => {
    const plain = texts(code).map((text) => text.replace(/\{\w+\}|\S*@\S*/g, ''))
    expect(plain.filter((text) => /[!?,:;]/.test(text))).toEqual([])
  })

  it('in French follows a no-break space', () => {
    expect(texts('fr').filter((text) => / [!?:;]|[^\s\u00a0\u202f][!?;]/.test(text))).toEqual([])
  })
})

it('uses no name in both files, so that an owner can replace any string by its name', () => {
  expect(Object.keys(moreEnglish).filter((name) => name in firstEnglish)).toEqual([])
})
