/** What failed, in a few lines each: the end of a long log, where somebody looks first. */
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as v from 'valibot'

/** The members used here of vitest's JSON report. */
const Report = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      message: v.optional(v.string(), ''),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.nullable(v.array(v.string()))),
        }),
      ),
    }),
  ),
})

const LINES_EACH = 12
const LINES_OF_OUTPUT = 40

/**
 * Each failed test with the beginning of what it said, from vitest's report at `path`; without a report, or when the
 * report knows of no failure (an error outside of any test, a compiler, a linter), the end of what the step `said`.
 */
export function failures(path: string | undefined, said: string): string[] {
  const told = path !== undefined && existsSync(path) ? fromReport(readFileSync(path, 'utf8')) : []
  if (told.length > 0) return told
  return stripVTControlCharacters(said).trimEnd().split('\n').slice(-LINES_OF_OUTPUT)
}

function fromReport(json: string): string[] {
  const { testResults } = v.parse(Report, JSON.parse(json))
  return testResults.flatMap(({ name: file, message, assertionResults }) => {
    const name = relative('.', file)
    const failed = assertionResults.filter(({ status }) => status === 'failed')
    // A file that could not even be loaded, or whose set-up failed, has a message of its own and no failed test.
    if (failed.length === 0) return message ? [`FAILED  ${name}`, ...beginning(message)] : []
    return failed.flatMap((test) => [
      `FAILED  ${name} > ${test.fullName}`,
      ...(test.failureMessages ?? []).flatMap(beginning),
    ])
  })
}

const beginning = (message: string): string[] =>
  stripVTControlCharacters(message)
    .split('\n')
    .slice(0, LINES_EACH)
    .map((line) => `        ${line}`)
