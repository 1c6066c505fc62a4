/** A deploy and a rollback while pages are open: two real builds of different versions at one address. */
import { cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parseIntegrity, pinnedTagFor, tagFor } from '../../cli/release/integrity.ts'
import { keepReleases } from '../../cli/release/keep.ts'
import { deployed } from '../../cli/release/source.ts'
import { browser } from '../support/browser.ts'
import { Deployment } from '../support/deployment.ts'
import { freePort } from '../support/free-port.ts'
import { hostPage } from '../support/host-page.ts'
import { buildIn, copyProject } from '../support/other-build.ts'
import { openChat, say, type Visit } from '../support/page.ts'
import { splitTraffic } from '../support/split.ts'
import { newTokenSecret } from '../support/worker.ts'

const { host, sandbox, key } = inject('stack')
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const NEXT = '99.0.0'

const SETTINGS = {
  CATY_API_KEY: key,
  CATY_API_URL: sandbox,
  ALLOWED_ORIGINS: host,
  TOKEN_SECRETS: newTokenSecret('k1'),
  MESSAGES_PER_MINUTE: '10000',
  CALLS_PER_MINUTE: '1000000',
  MESSAGES_PER_VISITOR_PER_MINUTE: '600',
}
/** The edits that turn the sources into the next release. */
const EDITS: Record<string, (text: string) => string> = {
  'package.json': (text) => text.replace(`"version": "${version}"`, `"version": "${NEXT}"`),
  'edge/base/version.ts': (text) => text.replace(version, NEXT),
  'widget/locales/en.ts': (text) => text.replace(/^ {2}send: .*$/m, "  send: 'Send it',"),
}

type Build = { folder: string; assets: string; version: string; release: string }
let deployment: Deployment
let old: Build
let next: Build
/** A second copy of the next release, for the test that needs it before anything is deployed. */
let staged: string

function built(edit: Record<string, (text: string) => string>): Build {
  const folder = copyProject(edit)
  const assets = join(buildIn(folder, { INSTALLER: 'on' }), 'assets')
  const integrity = parseIntegrity(readFileSync(join(assets, 'integrity.json'), 'utf8'))
  return { folder, assets, version: integrity.version, release: integrity.release }
}

beforeAll(async () => {
  old = built({})
  next = built(EDITS)
  staged = mkdtempSync(join(tmpdir(), 'caty-keyless-staged-'))
  cpSync(next.folder, staged, { recursive: true, verbatimSymlinks: true })
  const port = await freePort()
  // The edge's own origin is allowed for the installer on it.
  deployment = new Deployment(port, { ...SETTINGS, ALLOWED_ORIGINS: `${host},http://localhost:${port}` })
  // Two complete builds.
}, 600_000)
afterAll(async () => {
  await deployment?.stop()
})

/** A page with this tag and its launcher; the panel is not loaded yet. */
async function open(tag = tagFor(deployment.url)): Promise<Visit> {
  const at = await hostPage(
    browser,
    host,
    deployment.url,
    `<!doctype html><title>Shop</title><body><h1>Shop</h1>${tag}</body>`,
  )
  await at.launcher.waitFor()
  return at
}

/** Deploys as the tool does: it first asks the running version for the files that it still serves. */
async function deploy(build: Build): Promise<void> {
  await keepReleases(build.assets, deployed(deployment.url))
  await deployment.deploy(build.folder)
  const health = await (await fetch(`${deployment.url}/health`)).json()
  expect(health.version).toBe(build.version)
}

const chunksOf = (at: Visit) => new Set(at.calls.flatMap((call) => /^GET \/chunks\/(\w+)\//.exec(call)?.[1] ?? []))

describe('an open page', () => {
  it('with the old launcher works with the new edge, before and during a chat', async () => {
    await deployment.deploy(old.folder)
    const idle = await open()
    const chatting = await open()
    await openChat(chatting)
    await say(chatting, 'Show me your mugs', /mug/i)
    expect(existsSync(join(next.assets, 'chunks', old.release))).toBe(false)
    await deploy(next)
    await openChat(idle)
    await say(idle, 'When are you open?', /Monday/)
    await say(chatting, 'When are you open?', /Monday/)
    expect([chunksOf(idle), chunksOf(chatting)]).toEqual([new Set([old.release]), new Set([old.release])])
    const fresh = await open()
    await openChat(fresh)
    expect(chunksOf(fresh)).toEqual(new Set([next.release]))
    for (const at of [idle, chatting, fresh]) expect(at.errors).toEqual([])
  })

  it('with the new launcher works with the old edge after a rollback', async () => {
    const idle = await open()
    const chatting = await open()
    await openChat(chatting)
    await say(chatting, 'Show me your mugs', /mug/i)
    await deploy(old)
    await openChat(idle)
    await say(idle, 'When are you open?', /Monday/)
    await say(chatting, 'When are you open?', /Monday/)
    expect([chunksOf(idle), chunksOf(chatting)]).toEqual([new Set([next.release]), new Set([next.release])])
    for (const at of [idle, chatting]) expect(at.errors).toEqual([])
  })
})

describe('while a roll-out splits the traffic', () => {
  const settings = (url: string) => ({ ...SETTINGS, PUBLIC_URL: url })

  it('launcher and chunks of either version work together, whichever version serves them', async () => {
    const port = await freePort()
    const url = `http://localhost:${port}`
    const [before, after] = [
      new Deployment(await freePort(), settings(url)),
      new Deployment(await freePort(), settings(url)),
    ]
    await before.deploy(old.folder)
    await keepReleases(join(staged, 'dist/assets'), deployed(before.url), { launcher: 'running' })
    await after.deploy(staged)
    const split = await splitTraffic(port, [before.port, after.port])
    try {
      for (let visit = 0; visit < 3; visit++) {
        const at = await hostPage(browser, host, url, `<!doctype html><title>Shop</title><body>${tagFor(url)}</body>`)
        await openChat(at)
        await say(at, 'When are you open?', /Monday/)
        expect(chunksOf(at)).toEqual(new Set([old.release]))
        expect(at.errors).toEqual([])
        await at.context.close()
      }
      // The launcher that the page then loads finds its chunks at either version.
      expect((await fetch(`${after.url}/chunks/${next.release}/panel.js`)).status).toBe(200)
    } finally {
      split.close()
      split.closeAllConnections()
      await Promise.all([before.stop(), after.stop()])
    }
  })
})

describe('a tag with a pinned version', () => {
  it('keeps its version after later deploys', async () => {
    const { kept } = parseIntegrity(await (await fetch(`${deployment.url}/integrity.json`)).text())
    const pinned = kept.find((release) => release.version === NEXT)
    if (!pinned) throw new Error(`${NEXT} is not kept`)
    const at = await open(pinnedTagFor(deployment.url, pinned))
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    expect(await at.page.evaluate('CatyWidget.version')).toBe(NEXT)
    expect(chunksOf(at)).toEqual(new Set([next.release]))
  })

  it('refuses a launcher whose bytes differ from its hash', async () => {
    const tag = pinnedTagFor(deployment.url, {
      version,
      release: old.release,
      files: { [`v/${version}/widget.js`]: `sha384-${'A'.repeat(64)}` },
    })
    const at = await hostPage(browser, host, deployment.url, `<!doctype html><title>Shop</title><body>${tag}</body>`)
    await expect.poll(() => at.errors).toEqual([expect.stringContaining('integrity')])
    expect(await at.page.evaluate('typeof window.CatyWidget')).toBe('undefined')
  })
})

describe('the installer on an edge that serves it', () => {
  it('makes the tag of that edge and shows its widget', async () => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } })
    const errors: string[] = []
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    await page.goto(`${deployment.url}/installer/`)
    const live = page.frameLocator('#preview').locator('caty-widget')
    await live.locator('button[aria-haspopup="dialog"]').click()
    await live.locator('textarea').waitFor()
    await expect.poll(() => page.locator('#tag').textContent()).toContain(`src="${deployment.url}/widget.js"`)
    expect(errors).toEqual([])
  })
})

describe('the served files', () => {
  const header = async (path: string, name: string) => (await fetch(`${deployment.url}${path}`)).headers.get(name)

  it.each([
    ['/widget.js', 'public, max-age=300, stale-while-revalidate=86400'],
    [`/v/${version}/widget.js`, 'public, max-age=31536000, immutable'],
    [`/v/${NEXT}/widget.js`, 'public, max-age=31536000, immutable'],
    ['/integrity.json', 'public, max-age=60'],
  ])('%s is cached as %s', async (path, value) => {
    expect(await header(path, 'Cache-Control')).toBe(value)
    expect(await header(path, 'Access-Control-Allow-Origin')).toBe('*')
  })

  it('chunks of either release are immutable, and source maps are not served', async () => {
    for (const { release } of [old, next]) {
      expect(await header(`/chunks/${release}/panel.js`, 'Cache-Control')).toBe('public, max-age=31536000, immutable')
      expect((await fetch(`${deployment.url}/chunks/${release}/panel.js.map`)).status).toBe(404)
    }
    for (const path of ['/widget.js.map', '/maps/widget.js.map']) {
      expect((await fetch(deployment.url + path)).status).toBe(404)
    }
  })
})
