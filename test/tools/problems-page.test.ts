/** The page `/problems` that every edge serves: each problem type is an anchor on it. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PROBLEMS } from '../../edge/http/problem/table.ts'
import { problemsPage } from '../../scripts/build/problems-page.ts'

const words = readFileSync('docs/problems.md', 'utf8')

it('the page has an anchor for the problem type of every reason', () => {
  const page = problemsPage(words)
  for (const [reason, { type, title }] of Object.entries(PROBLEMS)) {
    expect([reason, page.split(`<h2 id="${type}">`).length]).toEqual([reason, 2])
    expect(page).toContain(title)
  }
})

it('the page loads nothing and names no other site', () => {
  expect(problemsPage(words)).not.toMatch(/https?:|\b(src|action)=|<script|<link|\son\w+=/)
})

it('the build fails if docs/problems.md and the table of problems differ', () => {
  expect(() => problemsPage(words.replace('## quota', '## quotas'))).toThrow('quotas')
  expect(() => problemsPage(words.replace('## quota\n', ''))).toThrow('no heading for the problem type quota')
})
