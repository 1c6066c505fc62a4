/** Every example in `examples/`, run as an owner would run it, with this run's edge instead of the example's. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'
import type { BrowserContext } from 'playwright-core'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { ask, enter, holds, openChat, say, type Visit } from '../support/page.ts'
import { bodies, received, resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

const source = async (path: string) =>
  (await readFile(`examples/${path}`, 'utf8')).replaceAll('https://chat.example.com', edge)
const open = async (html: string, context?: BrowserContext): Promise<Visit> =>
  enter(context ?? (await browser.newContext()), hostUrl(host, html), edge)
const observed = (at: Visit) => at.calls.filter((call) => /\/(view|track|proactive)/.test(call))

describe('each example', () => {
  it('is listed in examples/README.md', async () => {
    const list = await readFile('examples/README.md', 'utf8')
    const links = [...list.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path)
    expect(links.length).toBeGreaterThan(8)
    expect(links.filter((path) => !existsSync(`examples/${path}`))).toEqual([])
  })

  it('plain: a button of the page asks a question, and the page title counts messages', async () => {
    const at = await open(await source('plain/index.html'))
    await at.launcher.waitFor()
    await at.page.click('#ask')
    await at.log.locator('[part~="user"]').getByText('Is the blue mug in stock?').waitFor()
    // Wait for the reply, not the greeting: a reply after the chat is closed would be counted too.
    await at.log.locator('[part~="assistant"]').getByText('Here is what I would show you').waitFor()
    await ask(at, 'close()')
    await ask(at, "sendMessage('When are you open?')")
    await holds(at.page, "document.title.startsWith('(1)')")
    expect(at.errors).toEqual([])
  })

  it.each(['yes', 'no'])('consent: the banner is shown and answered with %s', async (answer) => {
    const at = await open(await source('consent/index.html'))
    await at.launcher.waitFor()
    await at.page.evaluate("window.said = []; CatyWidget.on('consent', ({ given }) => said.push(given))")
    await at.page.click(`[data-answer=${answer}]`)
    await holds(at.page, 'window.said.length')
    expect(await at.page.evaluate('window.said')).toEqual([answer === 'yes'])
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await expect.poll(() => at.page.evaluate('localStorage.length > 0')).toBe(answer === 'yes')
    expect(observed(at)).toEqual([])
  })

  it('spa: routes change, one visitor signs in, and another one follows', async () => {
    const at = await open(await source('spa/index.html'))
    await openChat(at)
    await at.page.click('#login')
    await say(at, 'When are you open?', /Monday/)
    await expect
      .poll(async () => (await received()).filter(({ method }) => method === 'PATCH').length)
      .toBeGreaterThan(0)
    await at.page.click('text=Mugs')
    await say(at, 'How long does shipping take?', /days/)
    const messages = await bodies('/api/widget/chat/message')
    expect(messages.map(({ context }) => Object(context).page_url)).toEqual([`${host}/`, `${host}/mugs`])
    await at.page.click('#logout')
    await at.log.getByText('When are you open?').waitFor({ state: 'detached' })
    expect(at.errors).toEqual([])
  })

  it('turbo: the page body is replaced while the chat stays open', async () => {
    const context = await browser.newContext()
    const turbo = await readFile('node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js', 'utf8')
    await context.route('https://cdn.jsdelivr.net/npm/@hotwired/turbo@8.0.23/**', (route) =>
      route.fulfill({ contentType: 'text/javascript', headers: { 'Access-Control-Allow-Origin': '*' }, body: turbo }),
    )
    const html = await source('turbo/index.html')
    await context.route(`${host}/second`, (route) =>
      route.fulfill({ contentType: 'text/html', body: html.replaceAll('First page', 'Second page') }),
    )
    const at = await open(html, context)
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await at.page.evaluate('window.sameDocument = true')
    await at.page.click('text=To the second page')
    await at.page.getByRole('heading', { name: 'Second page' }).waitFor()
    expect(await at.page.evaluate('window.sameDocument')).toBe(true)
    await at.log.getByText('When are you open?').waitFor()
    await say(at, 'How long does shipping take?', /days/)
    expect(await at.page.locator('caty-widget').count()).toBe(1)
    expect(at.errors).toEqual([])
  })

  it('wordpress: the tag that functions.php prints loads the widget', async () => {
    const php = await source('wordpress/functions.php')
    const [, src = ''] = /wp_enqueue_script\( '[^']+', '([^']+)'/.exec(php) ?? []
    const [, attributes = ''] = /str_replace\( ' src=', '([^']+) src='/.exec(php) ?? []
    const [, footer = ''] = /(<script>[\s\S]*?<\/script>)/.exec(php) ?? []
    const at = await open(`<!doctype html><body><script async ${attributes} src="${src}"></script>${footer}</body>`)
    await at.launcher.waitFor()
    await at.page.evaluate("window.said = []; CatyWidget.on('consent', ({ given }) => said.push(given))")
    await at.page.evaluate(
      "document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', { detail: { statistics: 'allow' } }))",
    )
    await holds(at.page, 'window.said[0] === true')
    expect(at.errors).toEqual([])
  })

  it('shopify: the snippet works as Liquid renders it for a customer', async () => {
    const liquid = await source('shopify/caty-keyless.liquid')
    const html = liquid
      .replace(/\{%-? comment -?%\}[\s\S]*?\{%-? endcomment -?%\}/, '')
      .replace(/\{%-?.*?-?%\}/g, '')
      .replace('{{ request.locale.iso_code }}', 'fr')
      .replace(/\{\{ settings\.colors_accent_1 .*?\}\}/, '#123456')
      .replace(/\{\{ customer\.first_name \| json \}\}/, '"Ana \\u003c"')
      .replace(/\{\{ customer\.email \| json \}\}/, '"ana@example.com"')
    expect(html).not.toMatch(/\{\{|\{%/)
    const at = await open(`<!doctype html><html lang="en"><body>${html}</body></html>`)
    await openChat(at)
    expect(await ask(at, 'getLanguage()')).toBe('fr')
    await say(at, 'When are you open?', /Monday/)
    await expect
      .poll(async () => (await received()).find(({ method }) => method === 'PATCH')?.body)
      .toContain('ana@example.com')
  })

  it.each([
    ['react', 'react/main.tsx', 'A shop in React'],
    ['vue', 'vue/main.ts', 'A shop in Vue'],
  ])('%s: works in a bundled app', async (_, entry, title) => {
    const { outputFiles } = await build({
      entryPoints: [`examples/${entry}`],
      bundle: true,
      write: false,
      format: 'esm',
      jsx: 'automatic',
      define: {
        'process.env.NODE_ENV': '"development"',
        __VUE_OPTIONS_API__: 'true',
        __VUE_PROD_DEVTOOLS__: 'false',
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      },
    })
    const app = outputFiles[0]?.text.replaceAll('https://chat.example.com', edge) ?? ''
    const context = await browser.newContext()
    await context.route(`${host}/app.js`, (route) => route.fulfill({ contentType: 'text/javascript', body: app }))
    const at = await open(
      `<!doctype html><html lang="en"><body><div id="root"></div><script type="module" src="/app.js"></script></body></html>`,
      context,
    )
    await at.page.getByRole('heading', { name: title }).waitFor()
    await openChat(at)
    await say(at, 'When are you open?', /Monday/)
    await ask(at, 'close()')
    await ask(at, "sendMessage('How long does shipping take?')")
    await at.page.getByText(/1 new in the chat|Chat \(1\)/).waitFor()
    expect(await at.page.locator('caty-widget').count()).toBe(1)
    expect(at.errors).toEqual([])
  })
})

describe('the npm package', () => {
  const program = async (code: string) => {
    const { outputFiles } = await build({
      stdin: { contents: `import { load } from 'caty-keyless'\n${code}`, resolveDir: process.cwd() },
      bundle: true,
      write: false,
      format: 'esm',
    })
    return outputFiles[0]?.text ?? ''
  }
  const run = async (code: string, policy?: string) => {
    const context = await browser.newContext()
    const body = await program(code)
    await context.route(`${host}/app.js`, (route) => route.fulfill({ contentType: 'text/javascript', body }))
    const html = '<!doctype html><html lang="en"><body><script type="module" src="/app.js"></script></body></html>'
    return enter(context, hostUrl(host, html, policy), edge)
  }

  it('loads under a strict policy with Trusted Types', async () => {
    const policy = `default-src 'none'; script-src 'self' ${edge}; connect-src ${edge}; require-trusted-types-for 'script'; trusted-types caty-keyless-loader`
    const at = await run(`load({ edge: '${edge}', greeting: 'Hello from the package' })`, policy)
    await at.launcher.click()
    await at.log.getByText('Hello from the package').waitFor()
    expect(at.errors.filter((line) => !line.includes('favicon'))).toEqual([])
  })

  it('loads one widget however often it is called, and loads it again after destroy()', async () => {
    const at = await run(
      `const both = await Promise.all([load({ edge: '${edge}' }), load({ edge: '${edge}' })])
       const third = await load({ edge: '${edge}', position: 'top-left' })
       third.destroy()
       const fourth = await load({ edge: '${edge}' })
       window.same = both[0] === both[1] && both[1] === third && third === fourth`,
    )
    await holds(at.page, 'window.same === true')
    await openChat(at)
    expect(await at.page.locator('caty-widget').count()).toBe(1)
    expect(at.calls.filter((call) => call === 'GET /widget.js')).toHaveLength(1)
  })

  it('rejects with a code when the script is blocked, and a second call can succeed', async () => {
    const at = await run(
      `window.code = await load({ edge: 'http://127.0.0.1:9' }).catch(({ name, code }) => name + ' ' + code)
       await load({ edge: '${edge}' })`,
    )
    await at.launcher.waitFor()
    expect(await at.page.evaluate('window.code')).toBe('CatyError script_blocked')
  })
})
