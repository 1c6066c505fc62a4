/** The npm package: packed once, installed into an empty folder, and used in every way that the docs offer. */
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { transform } from 'esbuild'
import { build as buildPage } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import { parseSecrets, withSecrets } from '../../cli/tenant/secrets-file.ts'
import { browser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { type Packed, packed } from '../support/packed.ts'
import { startSandbox } from '../support/sandbox-process.ts'
import { newApiKey } from '../support/worker.ts'

const run = promisify(execFile)
const TSC_7 = join(process.cwd(), 'node_modules/typescript/bin/tsc')
const NO_REGISTRY = 'The npm registry could not be reached, and Node 22 and TypeScript 5.4 come from there.'

/** Milliseconds for a build or an installation from the registry on a busy machine. */
const SETUP_MS = 240_000

let pack: Packed
beforeAll(async () => {
  pack = await packed()
}, SETUP_MS)
afterAll(() => pack?.remove())

describe('the tarball', () => {
  it('holds what the package needs and nothing else', () => {
    const kinds = pack.files.map((file) =>
      file
        .replace(/chunks\/[0-9a-f]{10}\/(more\/)?[a-z]{2}\.js$/, 'chunks/<release>/$1<language>.js')
        .replace(/chunks\/[0-9a-f]{10}\/[a-z-]{3,}\.js$/, 'chunks/<release>/<chunk>.js')
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
      'dist/assets/problems.html',
      'dist/assets/v/<version>/widget.js',
      'dist/assets/widget.js',
      'dist/cli/index.js',
      'dist/edge-installer/_headers',
      'dist/edge-installer/installer/index.html',
      'dist/edge-installer/installer/main.js',
      'dist/edge-installer/installer/preview.html',
      'dist/edge-installer/installer/preview.js',
      'dist/edge-installer/installer/style.css',
      'dist/edge-installer/installer/token-secret.html',
      'dist/edge-installer/installer/token-secret.js',
      'dist/licenses.txt',
      'dist/npm/cjs/index.d.ts',
      'dist/npm/cjs/index.js',
      'dist/npm/cjs/package.json',
      'dist/npm/cjs/webhook/event.d.ts',
      'dist/npm/cjs/webhook/index.d.ts',
      'dist/npm/cjs/webhook/index.js',
      'dist/npm/cjs/webhook/read.d.ts',
      'dist/npm/cjs/webhook/signature.d.ts',
      'dist/npm/esm/index.d.ts',
      'dist/npm/esm/index.js',
      'dist/npm/esm/webhook/event.d.ts',
      'dist/npm/esm/webhook/index.d.ts',
      'dist/npm/esm/webhook/index.js',
      'dist/npm/esm/webhook/read.d.ts',
      'dist/npm/esm/webhook/signature.d.ts',
      'dist/worker/index.js',
      'package.json',
      'wrangler.toml',
    ])
    const releases = pack.files.flatMap((file) => /chunks\/([0-9a-f]{10})\//.exec(file)?.[1] ?? [])
    expect(new Set(releases).size).toBe(1)
  })

  it('installs no dependency', async () => {
    const lock = JSON.parse(await readFile(join(pack.folder, 'package-lock.json'), 'utf8'))
    expect(Object.keys(lock.packages)).toEqual(['', 'node_modules/caty-keyless'])
  })

  it('loads with half a KB, as docs/bundlers.md says', async () => {
    const code = await readFile(join(pack.folder, 'node_modules/caty-keyless/dist/npm/esm/index.js'), 'utf8')
    const minified = await transform(code, { minify: true })
    expect(brotliCompressSync(minified.code).length).toBeLessThan(512)
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

/** Imports both entries and prints `done`. `load` rejects with a reason where there is no page. */
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
  if (verified.ok && verified.event?.event === 'lead.captured') return verified.event.data.email
  return verified.ok ? verified.id : verified.reason
}
window.CatyWidget?.open()
// @ts-expect-error the types allow four corners and no other place
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

/** Three tenants of one owner; the first one is in the folder itself. */
const TENANTS = ['bluebird', 'harbour-lights', 'a-very-long-name-of-a-customer-shop'] as const
const folderOf = (name: string): string => join(pack.folder, ...(name === TENANTS[0] ? [] : ['tenants', name]))
const pageOf = (name: string): string => `https://${name}.example`
const SHOP = TENANTS[1]
const EDGE = `https://chat.${SHOP}.example`

describe('for an owner without a clone', () => {
  const key = newApiKey()
  let sandboxPort: number
  let harness: TestHarness | undefined
  let stopSandbox: (() => Promise<void>) | undefined
  const npx = async (...args: string[]): Promise<string> => {
    const ran = run('npx', ['caty-keyless', ...args], { cwd: pack.folder })
    const { stdout, stderr } = await ran.catch((error: { stdout: string; stderr: string }) => error)
    return stdout + stderr
  }

  beforeAll(async () => {
    // The optional peer dependency, as `npm install wrangler` installs it.
    await symlink(join(process.cwd(), 'node_modules/wrangler'), join(pack.folder, 'node_modules/wrangler'))
    sandboxPort = await freePort()
    stopSandbox = await startSandbox(sandboxPort, key)
  })
  afterAll(async () => {
    await harness?.close()
    await stopSandbox?.()
  })

  it.each(TENANTS)('the commands of README.md make, check and rehearse %s', async (name) => {
    const [, block = ''] = /```sh\n(npx caty-keyless new .*?)```/s.exec(await readFile('README.md', 'utf8')) ?? []
    const [make = [], deploy = []] = block.split('\n').map((line) => line.replaceAll('acme', name).split(' ').slice(2))
    const domain = ['--domain', new URL(EDGE).host, '--set', `CATY_API_URL=http://127.0.0.1:${sandboxPort}`]
    expect(await npx(...make, ...(name === SHOP ? domain : []))).toContain(`caty-keyless check ${name}`)

    if (name === TENANTS[0]) expect(await npx('check', name)).toContain('CATY_API_KEY')
    const path = join(folderOf(name), 'secrets.env')
    await writeFile(path, withSecrets(await readFile(path, 'utf8'), { CATY_API_KEY: key }))
    expect(await npx('check', name)).toContain('✓')

    const said = await npx(...deploy, '--dry-run')
    expect(said).toContain('wrangler deploy')
    expect(said).not.toMatch(/error|failed|cannot/i)
    expect(said).not.toContain(key)
  })

  it('the command prints its help, and repeats the typed words in a refusal', async () => {
    expect(await npx('--help')).toMatch(/Usage: npx caty-keyless .*\n {2}new .*\n {2}deploy /s)
    expect(await npx('deplyo', 'acme')).toMatch(/deplyo.*deploy/s)
  })

  it('a page that Vite builds with the package chats through the Worker of the package', async () => {
    const { values } = parseSecrets(await readFile(join(folderOf(SHOP), 'secrets.env'), 'utf8'))
    harness = createTestHarness({ workers: [{ configPath: join(folderOf(SHOP), 'wrangler.jsonc'), secrets: values }] })
    await harness.listen()

    const root = join(pack.folder, 'page')
    await mkdir(root)
    await writeFile(
      join(root, 'index.html'),
      '<!doctype html><html lang="en"><script type="module" src="/main.js"></script>',
    )
    await writeFile(
      join(root, 'main.js'),
      `import { load } from 'caty-keyless'\nload({ edge: '${EDGE}' }).then((it) => it.open())`,
    )
    await buildPage({ root, logLevel: 'silent' })

    const context = await browser.newContext()
    await context.route(`${pageOf(SHOP)}/**`, (route) => {
      const { pathname } = new URL(route.request().url())
      return route.fulfill({ path: join(root, 'dist', pathname === '/' ? 'index.html' : pathname) })
    })
    await context.route(`${EDGE}/**`, async (route) => {
      const request = route.request()
      const answer = await harness?.fetch(request.url(), {
        method: request.method(),
        headers: { ...(await request.allHeaders()), 'cf-connecting-ip': '192.0.2.1' },
        body: request.postDataBuffer(),
      })
      if (!answer) return route.abort()
      return route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      })
    })
    const page = await context.newPage()
    await page.goto(`${pageOf(SHOP)}/`)
    const composer = page.locator('caty-widget textarea')
    await composer.fill('When are you open?')
    await composer.press('Enter')
    await page
      .locator('caty-widget [part~="assistant"]')
      .filter({ hasText: /Monday/ })
      .waitFor()
  })
})
