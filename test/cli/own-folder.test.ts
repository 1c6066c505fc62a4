/**
 * An owner without a clone: the package is in `node_modules` of their own folder, and the tenant is in the folder
 * itself.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { homeOf } from '../../cli/base/home.ts'
import type { WranglerProcess } from '../../cli/base/wrangler-process.ts'
import { runIn } from '../support/clone.ts'

const KEY = 'caty_0123456789abcdef0123456789abcdef'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'caty-keyless-own-')), 'my shop')
  install(join(folder, 'node_modules/caty-keyless'))
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

/** The files of the package that the commands read; test/processes/package.test.ts installs the real package. */
function install(root: string): void {
  for (const file of ['package.json', 'wrangler.toml']) cpSync(file, join(root, file))
  const launcher = `dist/assets/v/${homeOf(process.cwd()).version}`
  for (const path of ['dist/worker', launcher]) mkdirSync(join(root, path), { recursive: true })
  writeFileSync(join(root, 'dist/worker/index.js'), 'export default {}')
  writeFileSync(join(root, 'dist/assets/integrity.json'), '{}')
  writeFileSync(join(root, launcher, 'widget.js'), '')
}

const calls: string[][] = []
const wrangler: WranglerProcess = async (args) => {
  calls.push([...args])
  return { code: 0, stdout: '', said: '' }
}
const npx = (line: string, cwd = folder, root = join(folder, 'node_modules/caty-keyless')) =>
  runIn({ cwd, home: homeOf(root), wrangler, env: { PATH: process.env.PATH } }, line.split(' '))

const NEW = 'new bluebird --origins https://bluebird.example'
const text = (path: string): string => readFileSync(join(folder, path), 'utf8')

describe('the first tenant', () => {
  it('is in the folder itself, with the files that it needs', async () => {
    const { code, out } = await npx(NEW)
    expect(code).toBe(0)
    expect(out).toMatch(/ {2}npx caty-keyless check bluebird\n {2}npx caty-keyless deploy bluebird\n$/)
    const config = text('wrangler.jsonc')
    expect(config).toContain('"main": "node_modules/caty-keyless/dist/worker/index.js"')
    expect(config).toContain('"directory": "node_modules/caty-keyless/dist/assets"')
    expect(statSync(join(folder, 'secrets.env')).mode & 0o777).toBe(0o600)
    expect(text('.gitignore').split('\n')).toEqual(
      expect.arrayContaining(['secrets.env*', '.dev.vars', 'node_modules/']),
    )
    expect(text('.dev.vars.example')).toMatch(/^CATY_API_KEY=$/m)
    expect(text('package.json').trim().split('\n')).toHaveLength(4)
  })

  it('keeps an existing package.json and the lines of .gitignore', async () => {
    writeFileSync(join(folder, 'package.json'), '{ "name": "shop" }')
    writeFileSync(join(folder, '.gitignore'), 'dist')
    await npx(NEW)
    expect(text('package.json')).toBe('{ "name": "shop" }')
    expect(text('.gitignore')).toMatch(/^dist\nnode_modules\/\n/)
  })

  it('is found with and without its name', async () => {
    await npx(NEW)
    writeFileSync(join(folder, 'secrets.env'), text('secrets.env').replace('CATY_API_KEY=', `CATY_API_KEY=${KEY}`))
    for (const line of ['check bluebird', 'check']) {
      expect(await npx(line)).toMatchObject({ code: 0, out: '✓ bluebird may be deployed\n' })
    }
    calls.length = 0
    expect(await npx('deploy --dry-run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('✓ bluebird would run at https://caty-bluebird.'),
    })
    expect(calls.flat()).toContain(join(folder, 'wrangler.jsonc'))
    // Commands write nothing into the package: other projects may share its files.
    expect(calls.flat()).toContain(join(folder, '.wrangler/caty-keyless/assets'))
  })

  it('is removed without any other file of the folder', async () => {
    await npx(NEW)
    writeFileSync(join(folder, 'index.html'), '')
    expect(await npx('remove bluebird --yes')).toMatchObject({ code: 0 })
    expect(
      ['index.html', 'package.json', 'wrangler.jsonc', 'secrets.env'].map((file) => existsSync(join(folder, file))),
    ).toEqual([true, true, false, false])
  })

  it('needs an installed package, because the cache of npx does not last', async () => {
    const cache = join(folder, '../cache/node_modules/caty-keyless')
    install(cache)
    rmSync(join(folder, 'node_modules'), { recursive: true })
    const { out } = await npx(NEW, folder, cache)
    expect(out).toContain('Next: npm install\n')
    expect(text('wrangler.jsonc')).toContain('"main": "node_modules/caty-keyless/dist/worker/index.js"')
  })
})

describe('more tenants', () => {
  it('are below tenants/, and each is found from its own folder', async () => {
    await npx(NEW)
    expect(await npx('new harbour-lights --origins https://harbour.example')).toMatchObject({ code: 0 })
    expect(text('tenants/harbour-lights/wrangler.jsonc')).toContain(
      '"main": "../../node_modules/caty-keyless/dist/worker/index.js"',
    )
    expect((await npx('list --json')).json).toMatchObject({
      tenants: [{ tenant: 'bluebird' }, { tenant: 'harbour-lights' }],
    })
    const inside = join(folder, 'tenants/harbour-lights')
    expect((await npx('check', inside)).out).toContain('harbour-lights')
    expect((await npx('list --json', inside)).json).toMatchObject({ tenants: [{ tenant: 'harbour-lights' }] })
  })

  it('do not change a wrangler.toml of another project', async () => {
    writeFileSync(join(folder, 'wrangler.toml'), 'name = "shop"')
    await npx(NEW)
    expect(existsSync(join(folder, 'wrangler.jsonc'))).toBe(false)
    expect(text('tenants/bluebird/wrangler.jsonc')).toContain('"name": "caty-bluebird"')
  })
})
