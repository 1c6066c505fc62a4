/**
 * The steps of docs/install.md for someone who has just cloned the project into a deep folder: the same commands,
 * each as a process. Then the module that would be uploaded runs in workerd, and the doctor examines it.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness, type TestHarness } from 'wrangler'
import { parseSecrets } from '../../cli/tenant/secrets-file.ts'
import { Clone } from '../support/clone.ts'
import { freePort } from '../support/free-port.ts'
import { startSandbox } from '../support/sandbox-process.ts'
import { newApiKey } from '../support/worker.ts'

/** A short name, one that looks like a key, and the longest. */
const NAMES = ['bluebird', 'harbour-lights', 'a-very-long-name-of-a-customer-shop']
const LAST = NAMES[2] ?? ''
const pageOf = (name: string): string => `https://${name}.example`
const key = newApiKey()

let clone: Clone
let sandboxPort: number
let stopSandbox: (() => Promise<void>) | undefined
let harness: TestHarness | undefined
const took: string[] = []

/** A command line of the docs, run in a folder of the clone. */
async function type(line: string, folder = '.'): Promise<{ code: number | undefined; said: string }> {
  const started = performance.now()
  const { CATY_TENANTS: _, ...env } = process.env
  const options = { cwd: join(clone.root, folder), env, extendEnv: false, all: true, reject: false } as const
  const ended = await execa(line, { ...options, shell: true })
  took.push(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s  ${line}`)
  return { code: ended.exitCode, said: ended.all }
}

beforeAll(async () => {
  clone = new Clone({ built: false })
  sandboxPort = await freePort()
  stopSandbox = await startSandbox(sandboxPort, key)
}, 60_000)
afterAll(async () => {
  console.log(`what the machine makes a newcomer wait\n${took.join('\n')}`)
  await harness?.close()
  await stopSandbox?.()
  clone?.remove()
})

/** The same command lines inside this process: starting each one once as a process is enough. */
async function typeQuickly(line: string): Promise<{ code: number | undefined; said: string }> {
  const { code, out, err } = await clone.run(...line.replace('npm run tenant -- ', '').split(' '))
  return { code, said: out + err }
}

describe('a newcomer', () => {
  it.each([...NAMES].reverse())('makes, checks and rehearses the tenant %s', { timeout: 180_000 }, async (name) => {
    const tell = name === LAST ? type : typeQuickly
    const caty = `--set CATY_API_URL=http://127.0.0.1:${sandboxPort}`
    expect(await tell(`npm run tenant -- new ${name} --origins ${pageOf(name)} ${caty}`)).toMatchObject({
      code: 0,
      said: expect.stringContaining(`npm run tenant -- deploy ${name}`),
    })
    await clone.edit(name, 'secrets.env', 'CATY_API_KEY=', `CATY_API_KEY=${key}`)
    expect(await tell(`npm run tenant -- check ${name}`)).toMatchObject({
      code: 0,
      said: expect.stringContaining(`✓ ${name} may be deployed`),
    })
    const rehearsed = await tell(`npm run tenant -- deploy ${name} --dry-run`)
    expect(rehearsed).toMatchObject({ code: 0, said: expect.stringContaining('nothing was uploaded') })
    expect(rehearsed.said).not.toContain(key.slice(5, 13))
    expect(existsSync(clone.file(name, '.wrangler/caty-keyless/bundle/index.js'))).toBe(true)
  })

  it("can leave out the name inside a tenant's folder", { timeout: 120_000 }, async () => {
    const rehearsed = await type('node ../../cli/index.ts deploy --dry-run', `tenants/${NAMES[0]}`)
    expect(rehearsed).toMatchObject({ code: 0, said: expect.stringContaining(`${NAMES[0]} would run at`) })
  })

  it('uploads a module in which the doctor finds nothing', { timeout: 120_000 }, async () => {
    const { values } = parseSecrets(await clone.read(LAST, 'secrets.env'))
    harness = createTestHarness({
      workers: [
        {
          configPath: clone.file(LAST, 'wrangler.jsonc'),
          prebuiltWorkerDir: clone.file(LAST, '.wrangler/caty-keyless/bundle'),
          secrets: values,
        },
      ],
    })
    const { url } = await harness.listen()
    // Left out is what judges by the clock: a machine that runs all tests at once is slow. The doctor's own tests have both.
    const examined = await type(`npm run doctor -- ${url.origin} --origin ${pageOf(LAST)} --skip body-slow,latency`)
    expect(examined.code, examined.said).toBe(0)
  })

  it('removes each tenant again', async () => {
    for (const name of NAMES) {
      const tell = name === LAST ? type : typeQuickly
      expect(await tell(`npm run tenant -- remove ${name} --yes`)).toMatchObject({ code: 0 })
    }
    expect(await typeQuickly('npm run tenant -- list')).toMatchObject({
      said: expect.stringContaining('No tenants yet'),
    })
  })
})
