/** `npm run next-version` on a copy of the project: it changes every file that repeats the version. */
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyTree } from '../support/tree.ts'

let folder: string
const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caty-keyless-version-'))
  await copyTree(folder)
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' })
  git('init', '--quiet', '--initial-branch=main')
  git('add', '.')
  git('-c', 'user.name=Maintainer', '-c', 'user.email=maintainer@example.org', 'commit', '--quiet', '-m', 'test: copy')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('raises the version as the changesets say, in every file', async () => {
  const { version } = JSON.parse(await read('package.json'))
  const [major, minor] = version.split('.').map(Number)
  const next = `${major}.${minor + 1}.0`
  const changeset = '---\n"caty-keyless": minor\n---\n\nThe launcher can stand in the middle.\n'
  await writeFile(join(folder, '.changeset/brave-cats-sit.md'), changeset)
  execFileSync(process.execPath, ['scripts/next-version.ts'], { cwd: folder })

  for (const file of ['package.json', 'package-lock.json', 'docs/openapi.json'])
    expect(await read(file)).toContain(`"version": "${next}"`)
  expect(await read('edge/base/version.ts')).toContain(`'${next}'`)
  for (const page of ['docs/install.md', 'docs/releases.md']) {
    expect(await read(page)).toContain(`/v/${next}/`)
    expect(await read(page)).not.toContain(`/v/${version}/`)
  }
  const notes = execFileSync(process.execPath, ['scripts/release-notes.ts', `v${next}`], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(notes).toContain('The launcher can stand in the middle.')
  // The introduction of the changelog stays before its first section.
  expect((await read('CHANGELOG.md')).indexOf('Semantic Versioning')).toBeLessThan(
    (await read('CHANGELOG.md')).indexOf(`## ${next}`),
  )
})
