/** Data and queries in the docs, read by real parsers. */
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser'
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { parseSettings } from '../../../edge/settings/index.ts'

/** Throws if the text is not JSON with comments. */
export function jsonc(code: string): void {
  const errors: ParseError[] = []
  parseJsonc(code, errors, { allowTrailingComma: true })
  const [first] = errors
  if (first) throw new Error(`${printParseErrorCode(first.error)} at ${first.offset}`)
}

export const json = (code: string): unknown => JSON.parse(code)
export const toml = (code: string): unknown => parseToml(code)
export const yaml = (code: string): unknown => parseYaml(code)

/** Settings, one on each line: the Worker's own reader must accept every setting that it knows. */
export function settings(code: string): void {
  const pairs = code
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => /^([A-Z][A-Z0-9_]*)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line))
  const env = Object.fromEntries(
    pairs.map((match) => {
      if (!match) throw new Error('a line is not NAME=value')
      return [match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '']
    }),
  )
  const parsed = parseSettings(env)
  const wrong = parsed.ok
    ? []
    : parsed.problems.filter(({ setting }) => setting in env && !/…|\.\.\./.test(env[setting] ?? ''))
  if (wrong.length > 0) throw new Error(wrong.map(({ setting, why }) => `${setting} ${why}`).join('; '))
}

/** Words of Analytics Engine's SQL that the docs use, and the columns that `edge/base/log.ts` writes. */
const WORDS = new Set(
  `select from where and or as group by order asc desc limit interval day hour minute second not in format having
   sum sumif count countif avg max min quantileexactweighted quantileweighted tostartofday tostartofhour
   tostartofminute tostartofinterval now touint32 todatetime if round
   caty_keyless timestamp _sample_interval index1`.split(/\s+/),
)

/** Throws if a query names a column that the Worker does not write, or has an unclosed parenthesis. */
export function sql(code: string): void {
  const text = code.replace(/'[^']*'/g, "''").replace(/--.*$/gm, '')
  const names = new Set([...text.matchAll(/\bas\s+([a-z_]\w*)/gi)].map(([, name = '']) => name.toLowerCase()))
  for (const [word] of text.matchAll(/[a-z_]\w*/gi)) {
    const known =
      WORDS.has(word.toLowerCase()) || names.has(word.toLowerCase()) || /^(blob[1-6]|double[12])$/.test(word)
    if (!known) throw new Error(`${word} is no column of the data set and no known word`)
  }
  let depth = 0
  for (const sign of text.match(/[()]/g) ?? []) {
    depth += sign === '(' ? 1 : -1
    if (depth < 0) break
  }
  if (depth !== 0) throw new Error('the parentheses do not close')
}
