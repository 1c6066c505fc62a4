/** What a person at a terminal gets that a script does not: questions, progress, colours. */
import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseSecrets } from '../../cli/tenant/secrets-file.ts'
import { main } from '../../cli/tenant.ts'
import { TenantFolder } from '../support/tenant.ts'

let folder: TenantFolder
beforeEach(async () => {
  folder = await TenantFolder.make()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await folder.remove()
})

/** A terminal whose person types each answer when a question has come. */
async function atTerminal(args: string[], answers: string[]): Promise<{ code: number; screen: string }> {
  const stream = () =>
    Object.assign(new PassThrough(), { isTTY: true, getColorDepth: WriteStream.prototype.getColorDepth })
  const [out, err, input] = [stream(), stream(), stream()]
  const left = [...answers]
  let screen = ''
  for (const each of [out, err]) {
    each.on('data', (chunk: Buffer) => {
      screen += chunk.toString()
      if (/[:)] $/.test(chunk.toString()) && left.length > 0) input.write(`${left.shift()}\n`)
    })
  }
  const code = await main([...args, '--folder', folder.path], { out, err, in: input })
  return { code, screen }
}

describe('at a terminal', () => {
  it('new asks what everybody has to answer, and nothing that was said', async () => {
    const { code, screen } = await atTerminal(
      ['new', 'acme', '--domain', 'chat.acme.example'],
      ['https://acme.example', ''],
    )
    expect(code).toBe(0)
    expect(screen).toMatch(/Origins of the pages.*\n?.*Widget id/s)
    expect(screen).not.toContain('Host name for the edge')
    expect(await folder.read('acme', 'wrangler.jsonc')).toContain('"ALLOWED_ORIGINS": "https://acme.example"')
  })

  it('a mistake in an answer is told like one on the command line', async () => {
    const { code, screen } = await atTerminal(['new', 'acme'], ['acme.example', '', ''])
    expect(code).toBe(1)
    expect(screen).toContain('needs a scheme, as in https://acme.example.')
  })

  it('a removal wants the name, and another word removes nothing', async () => {
    await folder.run('new', 'acme', '--origins', 'https://acme.example')
    expect((await atTerminal(['remove', 'acme'], ['yes'])).code).toBe(2)
    expect(parseSecrets(await folder.read('acme', 'secrets.env')).values).toHaveProperty('TOKEN_SECRETS')
    expect((await atTerminal(['remove', 'acme'], ['acme'])).code).toBe(0)
    expect((await folder.run('list', '--json')).json).toMatchObject({ tenants: [] })
  })

  it('colours what it says, unless somebody asked for none', async () => {
    vi.stubEnv('NO_COLOR', undefined)
    // Node takes a machine that calls itself CI for one without colours.
    vi.stubEnv('CI', undefined)
    vi.stubEnv('TERM', 'xterm-256color')
    vi.stubEnv('FORCE_COLOR', undefined)
    await folder.run('new', 'acme', '--origins', 'https://acme.example')
    expect((await atTerminal(['check', 'acme'], [])).screen).toContain('\u001b[31m✗')
    vi.stubEnv('NO_COLOR', '1')
    expect((await atTerminal(['check', 'acme'], [])).screen).not.toContain('\u001b[31m')
  })
})

describe('in a script', () => {
  it('nothing is coloured, and nothing moves', async () => {
    vi.stubEnv('FORCE_COLOR', undefined)
    await folder.run('new', 'acme', '--origins', 'https://acme.example')
    const { out, err } = await folder.run('check', 'acme')
    expect(out + err).not.toContain('\u001b')
  })

  it('--help says everything, and no command at all says it with a code of its own', async () => {
    const helped = await folder.run('--help')
    expect([helped.code, (await folder.run()).code]).toEqual([0, 2])
    for (const word of ['new', 'check', 'deploy', 'rollout', 'rollback', 'rotate', 'list', 'remove', 'Exit codes']) {
      expect(helped.out).toContain(word)
    }
  })
})
