/** Releases of the widget: the same sources give the same bytes, and a deploy keeps the files that open pages need. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Integrity, parseIntegrity, pinnedTagFor } from '../../cli/release/integrity.ts'
import { keepReleases } from '../../cli/release/keep.ts'
import { folder, type Source } from '../../cli/release/source.ts'
import { buildIn, contentsOf, copyProject, hashesOf } from '../support/other-build.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const NEXT = '99.0.0'
/** Milliseconds for two complete builds on a busy machine. */
const BUILDS_MS = 120_000
const sha384 = (bytes: Uint8Array) => `sha384-${createHash('sha384').update(bytes).digest('base64')}`
const integrityIn = (assets: string): Integrity => parseIntegrity(readFileSync(join(assets, 'integrity.json'), 'utf8'))

let first: string
let next: string

beforeAll(() => {
  first = buildIn(copyProject())
  next = buildIn(
    copyProject({
      'package.json': (text) => text.replace(`"version": "${version}"`, `"version": "${NEXT}"`),
      'widget/locales/en.ts': (text) => `${text}\nexport const more = 'a word of the next release'\n`,
    }),
  )
}, BUILDS_MS)

/** A new copy of a build's assets, for a test that writes into it. */
function assetsOf(dist: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'caty-keyless-assets-'))
  cpSync(join(dist, 'assets'), copy, { recursive: true })
  return copy
}

describe('a build', () => {
  it('gives the same bytes in any folder, including source maps', () => {
    const again = buildIn(copyProject())
    expect(again).not.toBe(first)
    expect(hashesOf(again)).toEqual(hashesOf(first))
  })

  it('contains no path of the machine', () => {
    const text = Object.values(contentsOf(first)).join('\n')
    for (const path of [process.cwd(), tmpdir(), first]) expect(text).not.toContain(path)
  })

  it('does not put source maps among the served files', () => {
    expect(Object.keys(contentsOf(join(first, 'assets'))).filter((file) => file.endsWith('.map'))).toEqual([])
    expect(existsSync(join(first, 'maps/widget.js.map'))).toBe(true)
    expect(Object.values(contentsOf(join(first, 'assets'))).join()).not.toContain('sourceMappingURL')
  })

  it('lists the hash of every served file', () => {
    const assets = join(first, 'assets')
    const { files, tag, ...integrity } = integrityIn(assets)
    const served = Object.keys(contentsOf(assets)).filter((file) => file.endsWith('.js'))
    expect(Object.keys(files).sort()).toEqual(served.sort())
    for (const [file, hash] of Object.entries(files)) expect(sha384(readFileSync(join(assets, file)))).toBe(hash)
    expect(tag).toBe(pinnedTagFor('https://chat.example.com', { files, ...integrity }))
    expect(integrity).toMatchObject({ version, kept: [] })
  })

  it('has the version of the newest section in the changelog', () => {
    expect(/^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8'))?.[1]).toBe(version)
  })
})

describe('the next deploy', () => {
  it('keeps every file of the release before, and lists them', async () => {
    const assets = assetsOf(next)
    await keepReleases(assets, folder(join(first, 'assets')))
    const { kept, version: now, files } = integrityIn(assets)
    expect([now, kept.map((release) => release.version)]).toEqual([NEXT, [version]])
    for (const [file, hash] of [...Object.entries(files), ...Object.entries(kept[0]?.files ?? {})])
      expect(sha384(readFileSync(join(assets, file)))).toBe(hash)
    expect(Object.keys(kept[0]?.files ?? {})).toHaveLength(
      Object.keys(integrityIn(join(first, 'assets')).files).length - 1,
    )
  })

  it('and a rollback keep the files of both versions, however often', async () => {
    const forward = assetsOf(next)
    await keepReleases(forward, folder(join(first, 'assets')))
    const back = assetsOf(first)
    await keepReleases(back, folder(forward))
    const again = assetsOf(next)
    await keepReleases(again, folder(back))
    expect(hashesOf(again)).toEqual(hashesOf(forward))
    expect(integrityIn(back).kept.map((release) => release.version)).toEqual([NEXT])
  })

  it('can first spread the new chunks everywhere, and then the launcher that loads them', async () => {
    const [from, staged, after] = [join(first, 'assets'), assetsOf(next), assetsOf(next)]
    await keepReleases(staged, folder(from), { launcher: 'running' })
    const [before, now] = [contentsOf(from), contentsOf(staged)]
    // A page may get its launcher and its chunks from different versions; all combinations work.
    expect(now['widget.js']).toBe(before['widget.js'])
    const everything = [...Object.keys(before), ...Object.keys(contentsOf(join(next, 'assets')))]
    expect(Object.keys(now).sort()).toEqual([...new Set(everything)].sort())
    expect(integrityIn(staged)).toMatchObject({ version, kept: [{ version: NEXT }] })
    const { launcherChanges } = await keepReleases(after, folder(staged))
    expect(launcherChanges).toBe(true)
    expect(integrityIn(after)).toMatchObject({ version: NEXT, kept: [{ version }] })
    expect(contentsOf(after)['widget.js']).toBe(contentsOf(join(next, 'assets'))['widget.js'])
    expect(Object.keys(contentsOf(after)).sort()).toEqual(Object.keys(now).sort())
  })

  it('of the same release changes nothing', async () => {
    const assets = assetsOf(first)
    await keepReleases(assets, folder(join(first, 'assets')))
    expect(hashesOf(assets)).toEqual(hashesOf(join(first, 'assets')))
  })

  it('is the first one if nothing is deployed yet', async () => {
    const { releases } = await keepReleases(assetsOf(first), folder(join(tmpdir(), 'nothing-is-here')))
    expect(releases).toEqual([])
  })

  const tampered =
    (change: Record<string, (text: string) => string>): Source =>
    async (file) => {
      const bytes = await folder(join(first, 'assets'))(file)
      const edit = Object.entries(change).find(([end]) => file.endsWith(end))?.[1]
      return bytes && edit ? new TextEncoder().encode(edit(new TextDecoder().decode(bytes))) : bytes
    }

  it.each<[string, RegExp, Record<string, (text: string) => string>]>([
    ['a chunk whose bytes were changed', /en\.js is not what was released/, { 'en.js': (text) => `${text};` }],
    [
      'a file name outside of the folder',
      /no release/,
      { 'integrity.json': (text) => text.replace(/"chunks\/\w+/, '"chunks/../..') },
    ],
    ['a list that is not JSON', /no release/, { 'integrity.json': () => '<html>' }],
  ])('refuses %s, and writes nothing', async (_, why, change) => {
    const assets = assetsOf(next)
    await expect(keepReleases(assets, tampered(change))).rejects.toThrow(why)
    expect(hashesOf(assets)).toEqual(hashesOf(join(next, 'assets')))
  })

  it('refuses different bytes for a released version', async () => {
    const assets = assetsOf(first)
    const file = join(assets, 'integrity.json')
    const other = `sha384-${'A'.repeat(64)}`
    const mine = integrityIn(assets)
    writeFileSync(file, JSON.stringify({ ...mine, files: { ...mine.files, [`v/${version}/widget.js`]: other } }))
    await expect(keepReleases(assets, folder(join(first, 'assets')))).rejects.toThrow(/raise "version"/)
  })
})
