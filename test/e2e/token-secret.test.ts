/** The page that makes a token secret, for owners who deploy with the button and have no terminal. */
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseTokenSecrets } from '../../edge/token/secrets.ts'
import { buildInstaller } from '../../scripts/build/installer.ts'
import { browser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { serveFolder } from '../support/static-server.ts'

let folder: string
let server: Server
let page: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caty-keyless-installer-'))
  await buildInstaller(folder)
  const port = await freePort()
  server = await serveFolder(folder, '/installer', port)
  page = `http://localhost:${port}/installer/token-secret.html`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

it('makes a secret that the Worker accepts, a new one each time, and sends it nowhere', async () => {
  const context = await browser.newContext()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const at = await context.newPage()
  const requests: string[] = []
  at.on('request', (request) => requests.push(new URL(request.url()).pathname))
  const secretOf = () => at.locator('#secret').textContent()

  await at.goto(page)
  const first = (await secretOf()) ?? ''
  const { secrets, problems } = parseTokenSecrets(first)
  expect([secrets.length, problems]).toEqual([1, []])
  await at.getByRole('button', { name: 'Copy the secret' }).click()
  await at.getByText('Copied.').waitFor()
  expect(await at.evaluate('navigator.clipboard.readText()')).toBe(first)

  await at.reload()
  expect(await secretOf()).not.toBe(first)
  const files = ['token-secret.html', 'style.css', 'token-secret.js'].map((file) => `/installer/${file}`)
  expect(new Set(requests.filter((path) => !path.includes('favicon')))).toEqual(new Set(files))
  // The page's own policy forbids sending, whatever is added to its script.
  await expect(at.evaluate("fetch('/installer/style.css')")).rejects.toThrow(/Failed to fetch/)
})
