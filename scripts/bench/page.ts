/**
 * What the widget costs a page: the same empty page with and without the tag, on a CPU slowed four times. As on real
 * sites, the widget's origin differs from the page's.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer, request as forward, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser } from '../browser.ts'
import { bundleWorker } from '../workerd/bundle.ts'
import { runWorker } from '../workerd/run.ts'
import { portOf, startUpstream } from './upstream.ts'

const SLOWDOWN = 4
const VISITS = 11

/**
 * Milliseconds on the slowed CPU. `script` is the time that the tag adds to the page's own scripts; `shift` is the
 * layout shift score.
 */
export type PageFigures = { script: number; blocking: number; blockingOnOpen: number; shift: number; requests: number }

export async function measurePage(): Promise<PageFigures> {
  const upstream = await startUpstream(20)
  const page = await listen(createServer((request, response) => servePage(request.url ?? '/', edgeUrl, response)))
  const pageUrl = `http://localhost:${portOf(page)}`
  const worker = await runWorker({
    source: bundleWorker().source,
    port: 18_789,
    storage: mkdtempSync(join(tmpdir(), 'caty-keyless-bench-')),
    vars: {
      CATY_API_KEY: `caty_${randomBytes(16).toString('hex')}`,
      CATY_API_URL: `http://127.0.0.1:${portOf(upstream)}`,
      TOKEN_SECRETS: `k1:${randomBytes(32).toString('base64url')}`,
      ALLOWED_ORIGINS: pageUrl,
    },
  })
  const edge = await listen(edgeServer(18_789))
  const edgeUrl = `http://localhost:${portOf(edge)}`
  const browser = await launchBrowser()
  try {
    const [without, withTag] = await visits(browser, pageUrl)
    return {
      script: Math.max(0, middle(withTag.map((each) => each.script)) - middle(without.map((each) => each.script))),
      blocking: middle(withTag.map((each) => each.blocking)),
      blockingOnOpen: middle(withTag.map((each) => each.blockingOnOpen)),
      shift: Math.max(...withTag.map((each) => each.shift)),
      requests: Math.max(...withTag.map((each) => each.requests)),
    }
  } finally {
    await browser.close()
    await worker.kill()
    for (const server of [page, edge, upstream]) {
      server.close()
      server.closeAllConnections()
    }
  }
}

/** Visits without and with the tag take turns, so that other work on the machine slows both. */
async function visits(browser: Browser, pageUrl: string): Promise<[PageFigures[], PageFigures[]]> {
  const without: PageFigures[] = []
  const withTag: PageFigures[] = []
  for (let visit = 0; visit <= VISITS; visit++) {
    for (const [url, figures] of [
      [`${pageUrl}/without`, without],
      [`${pageUrl}/with`, withTag],
    ] as const) {
      const page = await browser.newPage()
      const measured = await onePage(page, url)
      // The first visit fills the browser's caches of compiled code and is not counted.
      if (visit > 0) figures.push(measured)
      await page.close()
    }
  }
  return [without, withTag]
}

async function onePage(page: Page, url: string): Promise<PageFigures> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN })
  let requests = 0
  page.on('request', (request) => {
    if (request.method() === 'POST') requests++
  })
  await page.addInitScript(() => {
    const seen = { blocking: 0, shift: 0 }
    Reflect.set(window, 'seen', seen)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.blocking += Math.max(0, entry.duration - 50)
    }).observe({ type: 'longtask', buffered: true })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += Number(Reflect.get(entry, 'value'))
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const tagged = url.endsWith('/with')
  // A locator would run its own script in the page, which would be counted.
  const token = tagged ? page.waitForResponse('**/token') : undefined
  await page.goto(url)
  await (await token)?.finished()
  await settled(page)
  const script = await scriptMs()
  const atLoad = await seen(page)
  if (tagged) {
    const widget = page.locator('caty-widget')
    await widget.getByRole('button', { name: 'Chat' }).click()
    await widget.locator('textarea').waitFor()
    await settled(page)
  }
  const opened = await seen(page)
  return {
    script,
    blocking: atLoad.blocking,
    blockingOnOpen: opened.blocking - atLoad.blocking,
    shift: atLoad.shift,
    requests,
  }

  async function scriptMs(): Promise<number> {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000
  }
}

/** After two idle periods in a row, everything that was scheduled has run. */
const settled = (page: Page) =>
  page.evaluate(() => new Promise<void>((resolve) => requestIdleCallback(() => requestIdleCallback(() => resolve()))))

const seen = (page: Page): Promise<{ blocking: number; shift: number }> =>
  page.evaluate(() => ({ ...Reflect.get(window, 'seen') }))

const middle = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

type Answer = { writeHead: (status: number, headers: Record<string, string>) => { end: (body: string) => void } }

export function servePage(path: string, edge: string, response: Answer): void {
  const tag = path === '/with' ? `<script async src="${edge}/widget.js"></script>` : ''
  response
    .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
    .end(`<!doctype html><html lang="en"><title>Page</title><h1>A page</h1><p>With some text.</p>${tag}`)
}

/** Assets come from the build, everything else from the Worker, as at Cloudflare. */
export function edgeServer(worker: number): Server {
  return createServer((request, response) => {
    const path = request.url ?? '/'
    if (/^\/(widget\.js|chunks\/[\w/.-]+)$/.test(path)) {
      response.writeHead(200, { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' })
      response.end(readFileSync(new URL(`../../dist/assets${path}`, import.meta.url)))
      return
    }
    const { method, headers } = request
    request.pipe(
      forward({ host: '127.0.0.1', port: worker, path, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }),
    )
  })
}

export const listen = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
