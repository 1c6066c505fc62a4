/** Each tag and each policy of the docs on its own page, as an owner would paste it. */
import { readFile } from 'node:fs/promises'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { holds, openChat, ready, say } from '../support/page.ts'
import { resetSandbox } from '../support/sandbox.ts'
import { allSnippets, markOf, placeOf, type Snippet } from '../support/snippets/blocks.ts'

const { edge, host } = inject('stack')
/** The addresses of the Worker and the page in all examples. */
const EDGE = /https:\/\/chat\.example\.com/g
const NONCE = 'r4nd0m'

beforeEach(resetSandbox)

const of = (language: string) =>
  allSnippets()
    .filter((snippet) => snippet.language === language && !markOf(snippet, 'not run') && !markOf(snippet, 'tested by'))
    .map((snippet) => [placeOf(snippet), snippet] as const)

/** The code with this run's addresses and this build's hashes instead of the example's. */
async function asPasted({ code }: Snippet): Promise<string> {
  const { version } = JSON.parse(await readFile('package.json', 'utf8'))
  return code
    .replace(EDGE, edge)
    .replace(/\/v\/\d+\.\d+\.\d+\//g, `/v/${version}/`)
    .replace(/\{?(nonce|NONCE)\}?(?=['"])/g, NONCE)
}

const TAG = `<script async src="${edge}/widget.js" nonce="${NONCE}"></script>`
const page = (html: string) =>
  `<!doctype html><html lang="en"><title>Example</title><body><h1>Example</h1>${html}</body></html>`

describe('a tag of the docs', () => {
  it.each(of('html'))('%s loads the widget without an error', async (_, snippet) => {
    const html = `${markOf(snippet, 'given') ?? ''}${await asPasted(snippet)}`
    const at = await hostPage(browser, host, edge, page(/widget\.js/.test(html) ? html : html + TAG))
    // If the page is never idle, call the widget to load it.
    await holds(at.page, 'window.CatyWidget?.version')
    expect(
      await at.page.evaluate('CatyWidget.init(), CatyWidget.ready.then(() => CatyWidget.getUnavailableReason())'),
    ).toBeNull()
    expect(at.errors).toEqual([])
  })
})

describe('a script of the docs', () => {
  const scripts = of('js').filter(([, { code }]) => code.includes('CatyWidget'))

  it.each(scripts)('%s runs beside the widget without an error', async (_, snippet) => {
    const at = await hostPage(browser, host, edge, page(`<button id="logout">Log out</button>${TAG}`))
    await ready(at)
    await at.page.evaluate(`(async () => { ${await asPasted(snippet)}\n })()`)
    expect(await at.page.evaluate("CatyWidget.sendMessage('When are you open?')")).toMatchObject({ success: true })
    expect(at.errors).toEqual([])
  })
})

describe('a policy of the docs', () => {
  it.each(of('csp'))('%s lets the widget chat and reports no violation', async (_, snippet) => {
    // The shop of the tests has no certificate, so its pictures come over http.
    const policy = (await asPasted(snippet))
      .trim()
      .replace(/\s*\n\s*/g, ' ')
      .replace(/ https:(?=;|$)/, ' https: http:')
    const at = await hostPage(browser, host, edge, page(TAG), policy)
    const violations: string[] = []
    await at.page.exposeFunction('violated', (directive: string) => violations.push(directive))
    await at.page.evaluate(() =>
      document.addEventListener('securitypolicyviolation', (event) =>
        Reflect.get(window, 'violated')(event.violatedDirective),
      ),
    )
    await openChat(at)
    // A policy without img-src forbids pictures, so the product's text must be enough.
    if (policy.includes('img-src')) await say(at, 'Show me your mugs', /mug/i)
    else await say(at, 'When are you open?', /Monday/)
    expect([violations, at.lines.filter((line) => /Content.Security.Policy|Trusted/i.test(line))]).toEqual([[], []])
  })
})
