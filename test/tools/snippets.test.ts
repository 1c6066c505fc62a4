/** All code blocks of the docs are executed; `html` and `csp` in Chromium, by test/e2e/snippets.test.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { markdownFiles } from '../../scripts/docs/files.ts'
import { allSnippets, inlineCode, markOf, placeOf, type Snippet, snippetsIn } from '../support/snippets/blocks.ts'
import { CODE_LANGUAGES, codeMistakes } from '../support/snippets/code.ts'
import { json, jsonc, settings, sql, toml, yaml } from '../support/snippets/data.ts'
import { commandsIn, shellMistakes } from '../support/snippets/shell.ts'

const PARSERS: Readonly<Record<string, (code: string) => void>> = {
  json,
  jsonc,
  toml,
  yaml,
  yml: yaml,
  env: settings,
  sql,
}
const SHELL = ['sh', 'bash']
const IN_CHROMIUM = ['html', 'csp']
/** Languages of output, pictures and protocol messages, which cannot be executed. */
const NOT_CODE = ['text', 'http']
const KNOWN = [...Object.keys(PARSERS), ...SHELL, ...CODE_LANGUAGES, ...IN_CHROMIUM, ...NOT_CODE]

const snippets = allSnippets()
const executed = snippets.filter((snippet) => !markOf(snippet, 'not run') && !markOf(snippet, 'tested by'))
const of = (...languages: string[]) =>
  executed.filter(({ language }) => languages.includes(language)).map((snippet) => [placeOf(snippet), snippet] as const)

describe('the code blocks of the docs', () => {
  it('each have an executor, or a reason why not', () => {
    const mistakes = snippets.flatMap((snippet) => whyNotExecuted(snippet) ?? [])
    expect(mistakes).toEqual([])
    expect(executed.length).toBeGreaterThan(5)
  })

  it.each(of(...SHELL))('%s: the commands exist', (_, { code }) => {
    expect(shellMistakes(code)).toEqual([])
  })

  it.each(of(...Object.keys(PARSERS)))('%s: a real parser accepts it', (_, { language, code }) => {
    expect(() => PARSERS[language]?.(code)).not.toThrow()
  })

  it('TypeScript and JavaScript compile and bundle', async () => {
    expect(await codeMistakes(executed.filter(({ language }) => CODE_LANGUAGES.includes(language)))).toEqual([])
  })
})

describe('commands between backticks', () => {
  const commands = markdownFiles().flatMap((file) =>
    inlineCode(readFileSync(file, 'utf8'))
      .filter(({ code }) => /^(npm (run|start|ci|test)|npx )/.test(code))
      // An ellipsis stands for a value of the reader.
      .map(({ code, line }) => ({ place: `${file}:${line}`, code: code.replace(/\s*(--)?\s*…$/, '') })),
  )

  it('exist, with each named option', () => {
    expect(commands.length).toBeGreaterThan(20)
    const wrong = commands.flatMap(({ place, code }) => shellMistakes(code).map((why) => `${place}: ${code}: ${why}`))
    expect(wrong).toEqual([])
  })
})

function whyNotExecuted(snippet: Snippet): string | undefined {
  const test = markOf(snippet, 'tested by')
  if (test !== undefined) {
    if (!existsSync(test)) return `${placeOf(snippet)}: there is no ${test}`
    return readFileSync(test, 'utf8').includes(snippet.file)
      ? undefined
      : `${placeOf(snippet)}: ${test} does not read it`
  }
  const reason = markOf(snippet, 'not run')
  if (reason !== undefined) return reason === '' ? `${placeOf(snippet)}: say why it is not run` : undefined
  return KNOWN.includes(snippet.language)
    ? undefined
    : `${placeOf(snippet)}: no executor for “${snippet.language}”; name a language that has one, or mark the block`
}

describe('the test of the snippets', () => {
  const block = (language: string, code: string, mark = '') => `${mark}\n\`\`\`${language}\n${code}\n\`\`\`\n`

  it('finds code blocks, also in lists, and their marks', () => {
    const found = snippetsIn(
      'a.md',
      `# A\n\n- in a list\n\n  ${block('sh', '  npm ci', '<!-- not run: no account -->').replaceAll('\n', '\n  ')}`,
    )
    expect(found).toMatchObject([{ line: 6, language: 'sh', marks: [{ kind: 'not run', text: 'no account' }] }])
  })

  it('refuses a block without an executor', () => {
    const [unknown] = snippetsIn('a.md', block('cobol', 'MOVE A TO B.'))
    const [unmarked] = snippetsIn('a.md', block('', 'npm ci'))
    const [stranger] = snippetsIn('docs/none.md', block('php', 'exit;', '<!-- tested by: test/tools/start.test.ts -->'))
    for (const snippet of [unknown, unmarked, stranger])
      expect(snippet && whyNotExecuted(snippet)).toMatch(/^\S+:\d+: /)
  })

  it.each([
    ['npm run nothing', 'no script nothing'],
    ['npm ci && frobnicate', 'not a program'],
    ['npx wrangler secret put KEY --loudly', '--loudly'],
    ['echo "unclosed', 'unexpected EOF'],
    ['npm run build -- --fast', 'takes no arguments'],
  ])('refuses the command %s', (code, why) => {
    expect(shellMistakes(code).join()).toContain(why)
  })

  it('reads commands as a shell does', () => {
    expect(commandsIn("A=1 npm ci && echo 'a && b' # c\nnpm run x -- \\\n  --y | cat")).toEqual([
      ['npm', 'ci'],
      ['echo', 'a && b'],
      ['npm', 'run', 'x', '--', '--y'],
      ['cat'],
    ])
  })

  it('refuses what does not parse or compile', async () => {
    expect(() => sql('SELECT blob9 FROM caty_keyless')).toThrow('blob9')
    expect(() => jsonc('{"a": }')).toThrow()
    expect(() => settings('DPOP=perhaps')).toThrow('DPOP')
    const wrong = snippetsIn('a.md', block('ts', "const a: number = 'b'") + block('js', "import './nothing.js'"))
    expect((await codeMistakes(wrong)).join('\n')).toMatch(/a\.md:3: .*TS2322[\s\S]*a\.md:7?/)
  })
})
