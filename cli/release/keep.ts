/**
 * Puts the files of earlier releases beside a fresh build. A deploy replaces all static assets at once, and a page that
 * was opened before it still asks for its own chunks; a tag with a pinned version asks for them for years. A clean
 * checkout has neither, so they are fetched from where they run, and checked against the hashes they were released with.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Integrity, parseIntegrity, type Release } from './integrity.ts'
import type { Source } from './source.ts'

/** Some 45 files a release; Cloudflare takes 20,000 assets a version on the free plan. */
const KEEP_RELEASES = 100
const AT_ONCE = 8

/** A deploy that must not go on; the sentence says what to change. */
export class ReleaseMistake extends Error {}

export type KeepOptions = {
  /**
   * `running` leaves `/widget.js` as it is deployed. While two versions share the traffic a page may get its launcher from
   * one and its chunks from the other; so the new chunks go everywhere first, and the launcher that asks for them last.
   */
  launcher?: 'fresh' | 'running'
}
export type Kept = {
  releases: Release[]
  /** Is the launcher of the build another one than the deployed? No where nothing is known of that. */
  launcherChanges: boolean
}

/**
 * Adds to `assets` (the build's folder) what `source` still serves, and lists it in `integrity.json`. No releases are
 * kept by a first deploy. Throws `ReleaseMistake` before anything is written.
 */
export async function keepReleases(assets: string, source: Source, options: KeepOptions = {}): Promise<Kept> {
  const fresh = parseIntegrity(await readFile(join(assets, 'integrity.json'), 'utf8'))
  const running = await readRunning(source)
  if (!running) return { releases: [], launcherChanges: false }
  refuseOtherBytes(fresh, running)
  const launcherChanges = running.files['widget.js'] !== fresh.files['widget.js']
  const hold = options.launcher === 'running' && launcherChanges
  const releases = [running, ...running.kept]
    .filter(({ release, version }) => release !== fresh.release || version !== fresh.version)
    .map(({ version, release, files }) => ({ version, release, files: immutable(files, fresh) }))
    .filter(({ files }) => Object.keys(files).length > 0)
    .slice(0, KEEP_RELEASES)
  const wanted = releases.flatMap(({ files }) => Object.entries(files))
  if (hold) wanted.push(['widget.js', running.files['widget.js'] ?? ''])
  for (const [file, bytes] of await download(wanted, source)) {
    await mkdir(dirname(join(assets, file)), { recursive: true })
    await writeFile(join(assets, file), bytes)
  }
  const { version, release, files } = fresh
  const list = hold
    ? { ...running, kept: [{ version, release, files: immutable(files, running) }, ...running.kept] }
    : { ...fresh, kept: releases }
  await writeFile(join(assets, 'integrity.json'), `${JSON.stringify(list, null, 2)}\n`)
  return { releases, launcherChanges }
}

async function readRunning(source: Source): Promise<Integrity | undefined> {
  const bytes = await source('integrity.json')
  if (!bytes) return undefined
  try {
    return parseIntegrity(new TextDecoder().decode(bytes))
  } catch {
    throw new ReleaseMistake('What is deployed there has an integrity.json that no release of Caty Keyless would have.')
  }
}

/** A versioned address is immutable: browsers keep it a year, and pinned tags refuse other bytes. */
function refuseOtherBytes(fresh: Integrity, running: Integrity): void {
  for (const { version, files } of [running, ...running.kept]) {
    const file = `v/${version}/widget.js`
    if (version === fresh.version && files[file] !== undefined && files[file] !== fresh.files[file]) {
      throw new ReleaseMistake(
        `Version ${version} is deployed already with other bytes: raise "version" in package.json and edge/base/version.ts, and add it to CHANGELOG.md.`,
      )
    }
  }
}

/** What may be served for ever, and is not of the fresh build anyway. */
const immutable = (files: Release['files'], fresh: Integrity): Release['files'] =>
  Object.fromEntries(Object.entries(files).filter(([file]) => file !== 'widget.js' && !(file in fresh.files)))

async function download(
  wanted: readonly [file: string, hash: string][],
  source: Source,
): Promise<[file: string, bytes: Uint8Array][]> {
  const found: [string, Uint8Array][] = []
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const batch = wanted.slice(at, at + AT_ONCE).map(async ([file, hash]): Promise<[string, Uint8Array]> => {
      const bytes = await source(file)
      if (!bytes) throw new ReleaseMistake(`The deployed release lists ${file} and does not serve it.`)
      const actual = `sha384-${createHash('sha384').update(bytes).digest('base64')}`
      if (actual !== hash) throw new ReleaseMistake(`${file} is not what was released: its hash differs.`)
      return [file, bytes]
    })
    found.push(...(await Promise.all(batch)))
  }
  return found
}
