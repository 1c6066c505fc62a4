/**
 * The example workflow for tenants: its commands exist, it has only the rights that it needs, and it deploys exactly
 * the tenants that a change concerns.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { home } from '../../cli/base/home.ts'
import { changedSince } from '../../cli/tenant/changed.ts'
import { Places } from '../../cli/tenant/places.ts'
import { shellMistakes } from '../support/snippets/shell.ts'

const Step = v.looseObject({ run: v.optional(v.string()), env: v.optional(v.record(v.string(), v.string())) })
const Workflow = v.looseObject({
  permissions: v.record(v.string(), v.string()),
  jobs: v.record(v.string(), v.looseObject({ environment: v.optional(v.string()), steps: v.array(Step) })),
})

describe('the workflow', async () => {
  const text = await readFile('examples/ci/tenants.yml', 'utf8')
  const workflow = v.parse(Workflow, parse(text))
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('runs only commands that exist', () => {
    const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]))
    expect(commands.length).toBeGreaterThan(4)
    for (const command of commands) execFileSync('bash', ['-n'], { input: command })
    const plain = commands.flatMap((run) => run.split('\n')).map((line) => /npm run [^|)]*/.exec(line)?.[0] ?? '')
    expect(
      plain.filter((line) => line !== '').flatMap((line) => shellMistakes(line.replace(/"\$\w+"/, 'acme'))),
    ).toEqual([])
  })

  it('gives pull requests no secret and never writes to the repository', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    expect(JSON.stringify(workflow.jobs.check)).not.toContain('secrets.')
    expect(workflow.jobs.deploy).toMatchObject({
      environment: 'production',
      if: expect.stringContaining("!= 'pull_request'"),
    })
  })

  it('passes names from outside as variables, so they cannot become commands', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })
})

describe('the tenants that a change concerns', () => {
  let folder: string
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caty-keyless-changed-'))
    git('init', '--quiet', '--initial-branch=main')
    git('config', 'user.email', 'agency@example.org')
    git('config', 'user.name', 'Agency')
    for (const name of ['acme', 'bakery']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'wrangler.jsonc'), '{}')
    }
    git('add', '.')
    git('commit', '--quiet', '-m', 'two')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('are those whose files changed', async () => {
    await writeFile(join(folder, 'acme/wrangler.jsonc'), '{ }')
    const tenants = new Places(process.cwd(), home, folder).all()
    expect(tenants.map(({ name }) => name)).toEqual(['acme', 'bakery'])
    expect((await changedSince('main', tenants, home)).map(({ name }) => name)).toEqual(['acme'])
    git('commit', '--quiet', '-am', 'acme')
    expect(await changedSince('main', tenants, home)).toEqual([])
    expect((await changedSince('main~1', tenants, home)).map(({ name }) => name)).toEqual(['acme'])
  })

  it('cannot be listed for a name that is not a commit', async () => {
    const tenants = new Places(process.cwd(), home, folder).all()
    await expect(changedSince('nonsense', tenants, home)).rejects.toThrow('git does not know nonsense')
    await expect(changedSince('--output=x', tenants, home)).rejects.toThrow('takes a commit')
  })
})
