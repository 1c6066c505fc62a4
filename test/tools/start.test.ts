/** `npm start`: one clear sentence for a mistake, and nothing left running. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { freePort } from '../support/free-port.ts'

type Ended = { code: number | null; said: string }

async function start(
  env: Record<string, string>,
  whenSaid?: { text: string; run: (pid: number) => void },
): Promise<Ended> {
  const ports = {
    EDGE_PORT: String(await freePort()),
    SHOP_PORT: String(await freePort()),
    SANDBOX_PORT: String(await freePort()),
  }
  const child = spawn(process.execPath, ['cli/start.ts'], { env: { ...process.env, ...ports, ...env } })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      const before = said
      said += chunk.toString()
      if (whenSaid && said.includes(whenSaid.text) && !before.includes(whenSaid.text)) whenSaid.run(child.pid ?? 0)
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { code, said }
}

const answers = (port: string) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

describe('npm start', () => {
  it('refuses a port that is in use, and names the setting', async () => {
    const port = await freePort()
    const holder = createServer().listen(port, '127.0.0.1')
    const { code, said } = await start({ SHOP_PORT: String(port) })
    holder.close()
    expect(code).toBe(1)
    expect(said.trim()).toBe(`Port ${port} is in use: stop what runs there, or set SHOP_PORT to another port.`)
  })

  it.each([
    [{ CATY_API_KEY: 'caty_with a space in it' }, /^CATY_API_KEY must be a key as Caty shows it/],
    [{ ALLOWED_ORIGINS: 'https://shop.example/' }, /^ALLOWED_ORIGINS .* write https:\/\/shop\.example\.$/],
    // In the whole list, but not among the Worker's own rules.
    [{ ALLOWED_ORIGINS: 'https://*.kobe.jp' }, /^ALLOWED_ORIGINS .* every site under kobe\.jp/],
    [{ EDGE_PORT: 'x' }, /^EDGE_PORT must be a port number/],
    [{ DPOP: 'perhaps' }, /^DPOP must be one of required, optional, off\.$/],
  ])('refuses %o in the words of the Worker', async (env, sentence) => {
    const { code, said } = await start(env)
    expect(code).toBe(1)
    expect(said.trim()).toMatch(sentence)
  })

  it('ends everything on an interrupt', async () => {
    const ports = {
      EDGE_PORT: String(await freePort()),
      SHOP_PORT: String(await freePort()),
      SANDBOX_PORT: String(await freePort()),
      RECEIVER_PORT: String(await freePort()),
      AUTH_PORT: String(await freePort()),
      DASHBOARD_PORT: String(await freePort()),
    }
    const { code, said } = await start(ports, { text: 'Ctrl-C', run: (pid) => process.kill(pid, 'SIGINT') })
    expect([code, said]).toEqual([0, expect.stringContaining('stands in for Caty')])
    expect(said).toMatch(new RegExp(`webhooks +http://localhost:${ports.RECEIVER_PORT} +verified events`))
    for (const port of Object.values(ports)) expect(await answers(port)).toBe(false)
  })
})
