/** The npm package: packed once, installed into an empty folder, and used in every way that the docs offer. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Packed, packed } from '../support/packed.ts'

const run = promisify(execFile)
const TSC_7 = join(process.cwd(), 'node_modules/typescript/bin/tsc')
const NO_REGISTRY = 'The npm registry could not be reached, and Node 22 and TypeScript 5.4 come from there.'

/** A build, an installation from the registry, on a machine that may be busy. */
const SETUP_MS = 240_000

let pack: Packed
beforeAll(async () => {
  pack = await packed()
}, SETUP_MS)
afterAll(() => pack?.remove())

describe('the tarball', () => {
  it('holds what the package needs, and nothing else', () => {
    const kinds = pack.files.map((file) =>
      file
        .replace(/chunks\/[0-9a-f]{10}\/(more\/)?[a-z]{2}\.js$/, 'chunks/<release>/$1<language>.js')
        .replace(/chunks\/[0-9a-f]{10}\/[a-z]{3,}\.js$/, 'chunks/<release>/<chunk>.js')
        .replace(/v\/\d+\.\d+\.\d+\//, 'v/<version>/'),
    )
    expect([...new Set(kinds)].sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/assets/_headers',
      'dist/assets/chunks/<release>/<chunk>.js',
      'dist/assets/chunks/<release>/<language>.js',
      'dist/assets/chunks/<release>/more/<language>.js',
      'dist/assets/integrity.json',
      'dist/assets/v/<version>/widget.js',
      'dist/assets/widget.js',
      'dist/npm/cjs/index.d.ts',
      'dist/npm/cjs/index.js',
      'dist/npm/cjs/package.json',
      'dist/npm/cjs/webhook/event.d.ts',
      'dist/npm/cjs/webhook/index.d.ts',
      'dist/npm/cjs/webhook/index.js',
      'dist/npm/cjs/webhook/signature.d.ts',
      'dist/npm/esm/index.d.ts',
      'dist/npm/esm/index.js',
      'dist/npm/esm/webhook/event.d.ts',
      'dist/npm/esm/webhook/index.d.ts',
      'dist/npm/esm/webhook/index.js',
      'dist/npm/esm/webhook/signature.d.ts',
      'dist/worker/index.js',
      'package.json',
    ])
    const releases = pack.files.flatMap((file) => /chunks\/([0-9a-f]{10})\//.exec(file)?.[1] ?? [])
    expect(new Set(releases).size).toBe(1)
  })

  it('brings no dependency along', async () => {
    const lock = JSON.parse(await readFile(join(pack.folder, 'package-lock.json'), 'utf8'))
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/caty-keyless'])
  })

  it.each([
    ['publint', 'publint/src/cli.js', '--strict'],
    ['are-the-types-wrong', '@arethetypeswrong/cli/dist/index.js', '--profile=strict'],
  ])('has nothing that %s minds', async (_, program, option) => {
    const args = [join('node_modules', program), option, pack.tarball]
    const { code, stdout } = await run(process.execPath, args).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error: { code: number; stdout: string }) => error,
    )
    expect(code, stdout).toBe(0)
    expect(stdout).not.toMatch(/suggestion|warning/i)
  })
})

/** Uses both entries; prints `done`. `load` names its reason where there is no page. */
const USE = `
  const body = JSON.stringify({ event: 'conversation.ended', timestamp: '2026-01-15T10:30:00Z', widget_id: 'w', data: { session_id: 's' } })
  const { createHmac } = process.getBuiltinModule('node:crypto')
  const signature = createHmac('sha256', 'secret').update(body).digest('hex')
  verifyWebhook(body, signature, 'secret').then(async (verified) => {
    const refused = await load({ edge: 'https://chat.example.com' }).catch((error) => error.code)
    if (verified.ok && refused === 'no_document') console.log('done', process.versions.node)
    else console.log(verified, refused)
  })`
const AS_MODULE = `import { load } from 'caty-keyless'; import { verifyWebhook } from 'caty-keyless/webhook'; ${USE}`
const AS_COMMONJS = `const { load } = require('caty-keyless'); const { verifyWebhook } = require('caty-keyless/webhook'); ${USE}`

describe.each(['22', '24'])('on a server with Node %s', (version) => {
  it.for([
    ['import', 'module', AS_MODULE],
    ['require', 'commonjs', AS_COMMONJS],
  ] as const)('works by %s', async ([_, type, code], { skip }) => {
    const node = version === '24' ? process.execPath : (pack.older?.node ?? skip(NO_REGISTRY))
    const { stdout } = await run(node, [`--input-type=${type}`, '-e', code], { cwd: pack.folder })
    expect(stdout).toMatch(new RegExp(`^done ${version}\\.`))
  })
})

const TYPED = `const widget = load({ edge: 'https://chat.example.com', position: 'top-left' })
widget.then((it: CatyWidgetApi) => it.on('message', ({ role, content }) => console.log(role === 'user', content.length)))
export const read = async (body: Uint8Array, secrets: readonly WebhookSecret[]) => {
  const verified = await verifyWebhook(body, null, secrets)
  if (verified.ok && verified.event.event === 'lead.captured') return verified.event.data.email
  return verified.ok ? verified.id : verified.reason
}
window.CatyWidget?.open()
// @ts-expect-error the types are there: four corners, no other place
load({ edge: 'https://chat.example.com', position: 'middle' })
`
const IMPORTS = `import { type CatyWidgetApi, load } from 'caty-keyless'
import { verifyWebhook, type WebhookSecret } from 'caty-keyless/webhook'
`

describe.each(['5.4', '7'])('under TypeScript %s without skipLibCheck', (version) => {
  it.for([
    ['Node', 'node16', ['module.mts', 'common.cts']],
    ['a bundler', 'bundler', ['page.ts']],
  ] as const)('compiles as %s resolves it', async ([_, moduleResolution, files], { skip }) => {
    const tsc = version === '7' ? TSC_7 : (pack.older?.tsc ?? skip(NO_REGISTRY))
    const folder = join(pack.folder, `types ${version} ${moduleResolution}`)
    await mkdir(folder)
    for (const file of files) await writeFile(join(folder, file), IMPORTS + TYPED)
    const module = moduleResolution === 'bundler' ? 'esnext' : moduleResolution
    const options = { module, moduleResolution, target: 'es2022', lib: ['es2022', 'dom'], types: [] }
    const compilerOptions = { ...options, strict: true, skipLibCheck: false, noEmit: true }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const { stdout } = await run(process.execPath, [tsc, '-p', folder]).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })
})
