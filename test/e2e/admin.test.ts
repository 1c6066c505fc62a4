/** The code of docs/admin.md in a page: the real supabase-js signs in, lists leads, renews the session and continues. */
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { beforeAll, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { holds } from '../support/page.ts'
import { received, resetSandbox } from '../support/sandbox.ts'
import { snippetsIn } from '../support/snippets/blocks.ts'
import { HttpVisitor } from '../support/visitor.ts'

const { edge, shop, auth, host } = inject('stack')

beforeAll(async () => {
  await resetSandbox()
  await fetch(`${auth}/__auth/reset`, { method: 'POST' })
})

/** The snippet of docs/admin.md as one script, with this run's addresses instead of the example's. */
async function asBundled(): Promise<string> {
  const file = 'docs/admin.md'
  const [snippet] = snippetsIn(file, readFileSync(file, 'utf8')).filter(({ language }) => language === 'ts')
  const code = snippet?.code
    .replaceAll('https://abcdefgh.supabase.co', auth)
    .replaceAll('https://chat.example.com', edge)
  const { outputFiles } = await build({
    stdin: { contents: `${code}\nObject.assign(window, { leads, admin, supabase })`, loader: 'ts', resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  })
  return outputFiles[0]?.text ?? ''
}

it('signs in, lists the lead of a visitor, renews the session and goes on', async () => {
  const visitor = await HttpVisitor.login(edge, shop)
  const opened = await visitor.call('POST', '/api/widget/session', {})
  const session_id = Reflect.get(Object(opened.body), 'session_id')
  await visitor.call('POST', '/api/widget/message', { session_id, message: 'I need a quote for a restaurant' })
  await visitor.call('POST', '/api/widget/lead', { session_id, name: 'Ada', email: 'ada@example.org' })

  const at = await hostPage(browser, host, edge, '<!doctype html><html lang="en"><title>Dashboard</title></html>')
  await at.page.addScriptTag({ content: await asBundled(), type: 'module' })
  await holds(at.page, 'window.leads')
  expect(await at.page.evaluate('leads')).toMatchObject([{ name: 'Ada', email: 'ada@example.org', status: 'new' }])

  const tokenOf = 'supabase.auth.getSession().then(({ data }) => data.session.access_token)'
  const first = await at.page.evaluate(tokenOf)
  expect(await at.page.evaluate('supabase.auth.refreshSession().then(({ error }) => error)')).toBeNull()
  expect(await at.page.evaluate(tokenOf)).not.toBe(first)
  const id = await at.page.evaluate('leads[0].lead_id')
  const changed = `admin('/leads/${id}', { method: 'PUT', body: JSON.stringify({ status: 'contacted' }), headers: { 'Content-Type': 'application/json' } })`
  expect(await at.page.evaluate(changed)).toMatchObject({ success: true, lead: { status: 'contacted' } })
  expect(await at.page.evaluate(`admin('/leads?status=old').catch((error) => error.message)`)).toMatch(/status/)
  // Caty received each call with the session of its user, and never with a key.
  const admin = await received('/api/admin/')
  const sent = admin.map(({ headers }) => headers.authorization)
  expect(sent).toEqual([`Bearer ${first}`, `Bearer ${await at.page.evaluate(tokenOf)}`])
  for (const { headers } of admin) expect(headers).not.toHaveProperty('x-api-key')
  expect(at.errors.filter((line) => !line.includes('400'))).toEqual([])
})
