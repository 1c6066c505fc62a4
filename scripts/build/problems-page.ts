/**
 * The page `/problems` of every edge: what the problem types in its answers mean. Titles and codes come from the
 * edge's own table, the texts from docs/problems.md. The page is static, loads nothing and runs no script.
 */
import { createHash } from 'node:crypto'
import { PROBLEMS } from '../../edge/http/problem/table.ts'
import { createMarkdown } from '../docs/markdown.ts'

const STYLE = `:root { color-scheme: light dark; font: 100%/1.6 system-ui, sans-serif; }
body { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere; }
h1, h2 { line-height: 1.25; }
h2 { margin-top: 2.5rem; }
h2 a { color: inherit; text-decoration-color: #8888; text-underline-offset: 0.2em; }
h2:target { border-inline-start: 0.3rem solid; padding-inline-start: 0.75rem; }
code { font-size: 0.95em; }
ul { padding-inline-start: 1.25rem; }
`

/** The headers of the page for `_headers`. The policy allows its one style by hash. */
export const PROBLEMS_HEADERS = `/problems
  Content-Security-Policy: default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
  Referrer-Policy: no-referrer
  Cache-Control: public, max-age=300
`

/** The HTML of the page. `words` is docs/problems.md. Throws if the table and docs/problems.md name different types. */
export function problemsPage(words: string): string {
  const [introduction = '', ...sections] = words.split(/^## /m)
  const texts = new Map(
    sections.map((section) => {
      const end = section.indexOf('\n')
      return [section.slice(0, end).trim(), section.slice(end)]
    }),
  )
  const types = [...new Set(Object.values(PROBLEMS).map(({ type }) => type))]
  const unknown = [...texts.keys()].filter((name) => !types.some((type) => type === name))
  if (unknown.length > 0) throw new Error(`docs/problems.md describes no problem of the edge: ${unknown.join(', ')}`)
  const body = types.map((type) => {
    const text = texts.get(type)
    if (text === undefined) throw new Error(`docs/problems.md has no heading for the problem type ${type}`)
    const rows = Object.values(PROBLEMS).filter((row) => row.type === type)
    const answers = new Set(rows.map(({ title, code }) => `<li>${title} (<code>${code}</code>)</li>`))
    return `<section>
<h2 id="${type}"><a href="#${type}">${type}</a></h2>
<ul>${[...answers].join('')}</ul>
${html(text)}</section>`
  })
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Problems of this edge</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Problems</h1>
${html(introduction.replace(/^# .*$/m, ''))}${body.join('\n')}
</main>
</body>
</html>
`
}

/** Links to other pages of the docs become text, because those pages are not here. */
const html = (markdown: string): string =>
  createMarkdown().render(markdown.replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, '$1'))
