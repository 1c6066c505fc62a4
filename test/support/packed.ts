/** The npm package as it would be published, and a folder in which an owner installed it. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { copyTree } from './tree.ts'

const run = promisify(execFile)

/** Versions that owners use and this project does not run on. */
const NODE_22 = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
const OLDER = [`${NODE_22}@22.23.3`, 'typescript@5.4.3']

const Packs = v.tuple([v.object({ filename: v.string(), files: v.array(v.object({ path: v.string() })) })])

export type Packed = {
  tarball: string
  /** Every file of the package. */
  files: string[]
  /** The folder it is installed in: empty before, and with a space in its path. */
  folder: string
  /** `undefined` if the registry is out of reach. */
  older: { node: string; tsc: string } | undefined
  remove(): Promise<void>
}

/** Packs the working tree in a copy, because builds that run at the same time write into other folders. */
export async function packed(): Promise<Packed> {
  const parent = await mkdtemp(join(tmpdir(), 'caty keyless package '))
  const folder = join(parent, 'my new shop')
  const [older] = await Promise.all([olderVersions(join(parent, 'older')), mkdir(folder)])
  const source = join(parent, 'source')
  await copyTree(source)
  const { stdout } = await run('npm', ['pack', '--json', '--foreground-scripts=false', '--pack-destination', parent], {
    cwd: source,
  })
  const [pack] = v.parse(Packs, JSON.parse(stdout.slice(stdout.search(/^\[/m))))
  const tarball = join(parent, pack.filename)
  await run('npm', ['install', '--offline', tarball], { cwd: folder })
  return {
    tarball,
    files: pack.files.map(({ path }) => path),
    folder,
    older,
    remove: () => rm(parent, { recursive: true, force: true }),
  }
}

async function olderVersions(folder: string): Promise<Packed['older']> {
  await mkdir(folder)
  try {
    await run('npm', ['install', '--prefer-offline', '--fetch-retries=1', '--fetch-timeout=30000', ...OLDER], {
      cwd: folder,
    })
  } catch {
    return undefined
  }
  const modules = join(folder, 'node_modules')
  return {
    node: join(modules, NODE_22, process.platform === 'win32' ? 'node.exe' : 'bin/node'),
    tsc: join(modules, 'typescript/bin/tsc'),
  }
}
