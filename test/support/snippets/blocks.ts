/**
 * The code blocks of the docs. Each is executed by a test, in the way of its language; a mark in the line before a block
 * says how it differs:
 *
 *     <!-- tested by: test/e2e/csp.test.ts -->     that test runs it
 *     <!-- not run: the account is the reader's --> why nobody can run it here
 *     <!-- given: declare const order: Order -->   code that stands before it when it is run
 */
import { readFileSync } from 'node:fs'
import { docFiles, root } from '../../../scripts/docs/files.ts'
import { parse } from '../../../scripts/docs/markdown.ts'

export type Mark = { kind: 'tested by' | 'not run' | 'given'; text: string }
export type Snippet = {
  file: string
  /** Line of the opening fence, starting at 1. */
  line: number
  language: string
  code: string
  marks: readonly Mark[]
}

const MARK = /<!--\s*(tested by|not run|given):\s*([\s\S]*?)\s*-->/g

/** The fenced blocks of one page. */
export function snippetsIn(file: string, text: string): Snippet[] {
  const tokens = parse(text)
  return tokens.flatMap((token, at) => {
    if (token.type !== 'fence') return []
    const before = tokens[at - 1]
    return [
      {
        file,
        line: (token.map?.[0] ?? 0) + 1,
        language: token.info.trim().split(/\s+/)[0] ?? '',
        code: token.content,
        marks: before?.type === 'html_block' ? marksIn(before.content) : [],
      },
    ]
  })
}

function marksIn(comment: string): Mark[] {
  return [...comment.matchAll(MARK)].map(([, kind = '', text = '']) => ({
    kind: kind === 'tested by' || kind === 'given' ? kind : 'not run',
    text,
  }))
}

/** Every fenced block of README, CONTRIBUTING, CHANGELOG and docs/. */
export const allSnippets = (): Snippet[] =>
  docFiles().flatMap((file) => snippetsIn(file, readFileSync(root + file, 'utf8')))

export const markOf = (snippet: Snippet, kind: Mark['kind']): string | undefined =>
  snippet.marks.find((mark) => mark.kind === kind)?.text

export const placeOf = ({ file, line }: Snippet): string => `${file}:${line}`

/** The words between backticks on a page, with the line (starting at 1) of their block. */
export const inlineCode = (text: string): { code: string; line: number }[] =>
  parse(text).flatMap(({ children, map }) =>
    (children ?? [])
      .filter(({ type }) => type === 'code_inline')
      .map(({ content }) => ({ code: content, line: (map?.[0] ?? 0) + 1 })),
  )
