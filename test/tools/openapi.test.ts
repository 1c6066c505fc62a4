/** docs/openapi.json as a description that programs read, and the command that writes it. */
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { complaints } from '../../scripts/openapi.ts'

const Schema = v.looseObject({
  $ref: v.optional(v.string()),
  allOf: v.optional(v.array(v.looseObject({ $ref: v.string() }))),
})
const Content = v.record(v.string(), v.object({ schema: Schema }))
const Operation = v.looseObject({
  operationId: v.string(),
  tags: v.array(v.string()),
  requestBody: v.optional(v.looseObject({ content: Content })),
  responses: v.record(v.string(), v.looseObject({ content: v.optional(Content) })),
})
const Description = v.looseObject({
  tags: v.array(v.object({ name: v.string(), description: v.string() })),
  paths: v.record(v.string(), v.record(v.string(), Operation)),
})

const FILE = 'docs/openapi.json'
const read = async () => v.parse(Description, JSON.parse(await readFile(FILE, 'utf8')))

describe('the description', () => {
  it('names every call once, with a valid identifier and a described tag', async () => {
    const { paths, tags } = await read()
    const operations = Object.values(paths).flatMap((path) => Object.values(path))
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.length).toBe(34)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
    const explained = tags.map(({ name }) => name)
    for (const operation of operations) expect(explained).toContain(operation.tags[0])
  })

  it('has a shared schema for every body and every answer', async () => {
    const { paths } = await read()
    for (const [path, calls] of Object.entries(paths))
      for (const { requestBody, responses } of Object.values(calls))
        for (const content of [requestBody, ...Object.values(responses)].map((each) => each?.content ?? {}))
          for (const { schema } of Object.values(content))
            expect([path, schema.$ref ?? schema.allOf?.[1]?.$ref]).toEqual([
              path,
              expect.stringMatching(/^#\/components\/schemas\/[A-Z]/),
            ])
  })

  it('is checked by Redocly, whose warnings are printed', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'caty-keyless-openapi-')), 'openapi.json')
    await writeFile(path, (await readFile(FILE, 'utf8')).replace('"operationId": "getHealth",', ''))
    expect(await complaints(path)).toMatch(/operationId/)
  })
})

describe('npm run openapi', () => {
  it('prints its help for --help, and writes nothing', async () => {
    const before = await stat(FILE)
    const { stdout } = await execa('node', ['scripts/openapi.ts', '--help'])
    expect(stdout).toMatch(/Usage: openapi[\s\S]*--check/)
    const { exitCode, stderr } = await execa('node', ['scripts/openapi.ts', '--chek'], { reject: false })
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/Did you mean --check/)])
    expect((await stat(FILE)).mtimeMs).toBe(before.mtimeMs)
  })
})
