/**
 * Counts the calls of a page view and of a chat in the Worker's own log, which has one line for each call that
 * started it, preflights included. Cloudflare bills these calls.
 */
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { launchBrowser } from '../browser.ts'
import { bundleWorker } from '../workerd/bundle.ts'
import { type RunningWorker, runWorker } from '../workerd/run.ts'
import { edgeServer, listen, servePage } from './page.ts'
import { portOf, startUpstream } from './upstream.ts'

const MESSAGES = 3
const PORT = 18_791

/** Calls such as `POST /token`, each with its count. */
export type Calls = Record<string, number>
export type CallFigures = { view: Calls; opened: Calls; message: Calls }

const Line = v.object({ method: v.string(), route: v.string() })

/** The calls of a page view, those that opening the chat and a first message add, and those of each further message. */
export async function measureCalls(): Promise<CallFigures> {
  const upstream = await startUpstream(20)
  const edge = await listen(edgeServer(PORT))
  const edgeUrl = `http://localhost:${portOf(edge)}`
  const page = await listen(createServer((request, response) => servePage(request.url ?? '/', edgeUrl, response)))
  const pageUrl = `http://localhost:${portOf(page)}`
  const worker = await runWorker({
    source: bundleWorker().source,
    port: PORT,
    storage: mkdtempSync(join(tmpdir(), 'caty-keyless-bench-')),
    vars: {
      CATY_API_KEY: `caty_${randomBytes(16).toString('hex')}`,
      CATY_API_URL: `http://127.0.0.1:${portOf(upstream)}`,
      TOKEN_SECRETS: `k1:${randomBytes(32).toString('base64url')}`,
      ALLOWED_ORIGINS: pageUrl,
      PUBLIC_URL: edgeUrl,
    },
  })
  const browser = await launchBrowser()
  try {
    const tab = await browser.newPage()
    const begun = counted(worker)
    const token = tab.waitForResponse('**/token')
    await tab.goto(`${pageUrl}/with`)
    await (await token).finished()
    const viewed = counted(worker)
    const widget = tab.locator('caty-widget')
    await widget.getByRole('button', { name: 'Chat' }).click()
    const say = async (text: string) => {
      const reply = tab.waitForResponse(
        (response) => response.url().endsWith('/message') && response.request().method() === 'POST',
      )
      await widget.locator('textarea').fill(text)
      await widget.locator('textarea').press('Enter')
      await (await reply).finished()
    }
    await say('When are you open?')
    const opened = counted(worker)
    for (let more = 0; more < MESSAGES; more++) await say(`And on day ${more}?`)
    const said = counted(worker)
    return {
      view: difference(viewed, begun),
      opened: difference(opened, viewed),
      message: difference(said, opened, MESSAGES),
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

function counted(worker: RunningWorker): Calls {
  const calls: Calls = {}
  for (const text of worker.said().split('\n')) {
    const line = v.safeParse(v.pipe(v.string(), v.parseJson(), Line), text.slice(text.indexOf('{')))
    if (!line.success || line.output.route === 'unknown') continue
    const name = `${line.output.method} ${line.output.route}`
    calls[name] = (calls[name] ?? 0) + 1
  }
  return calls
}

const difference = (after: Calls, before: Calls, times = 1): Calls =>
  Object.fromEntries(
    Object.entries(after)
      .map(([name, count]) => [name, (count - (before[name] ?? 0)) / times] as const)
      .filter(([, count]) => count > 0),
  )
