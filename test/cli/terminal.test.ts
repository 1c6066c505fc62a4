/** What a person at a terminal gets and a script does not: questions, progress and colours. */
import { PassThrough } from 'node:stream'
import { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from '../../cli/index.ts'
import { parseSecrets } from '../../cli/tenant/secrets-file.ts'
import { Clone } from '../support/clone.ts'

let clone: Clone
beforeAll(() => {
  clone = new Clone()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await clone.empty()
})
afterAll(() => clone.remove())

type Exchange = [question: string, keys: string]
const ENTER = '\r'

/** A terminal whose person presses keys once a text appears. */
async function atTerminal(
  args: string[],
  exchanges: Exchange[],
): Promise<{ code: number; screen: string; left: number }> {
  const stream = () =>
    Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 200,
      getColorDepth: WriteStream.prototype.getColorDepth,
      setRawMode: () => {},
    })
  const [out, err, input] = [stream(), stream(), stream()]
  const left = [...exchanges]
  let [screen, fresh] = ['', '']
  for (const each of [out, err]) {
    each.on('data', (chunk: Buffer) => {
      screen += chunk.toString()
      fresh += stripVTControlCharacters(chunk.toString())
      if (left[0] === undefined || !fresh.includes(left[0][0])) return
      const [, keys] = left.shift() ?? ['', '']
      fresh = ''
      setImmediate(() => input.write(keys))
    })
  }
  const code = await main(args, { ...clone.around(), streams: { out, err, in: input } })
  return { code, screen, left: left.length }
}

describe('at a terminal', () => {
  it('new asks only the required questions that the command line does not answer', async () => {
    const { code, screen, left } = await atTerminal(
      ['new', 'acme', '--domain', 'chat.acme.example'],
      [
        ['Origins of the pages', `https://acme.example/${ENTER}`],
        ['Widget id', ENTER],
      ],
    )
    expect([code, left]).toEqual([0, 0])
    expect(screen).not.toContain('Host name for the edge')
    expect(await clone.read('acme', 'wrangler.jsonc')).toContain('"ALLOWED_ORIGINS": "https://acme.example"')
  })

  it('new without a name asks for one', async () => {
    const { code } = await atTerminal(
      ['new', '--origins', 'https://acme.example'],
      [
        ['A short name', `Acme Shop${ENTER}`],
        ['is not a tenant name', `${'\b'.repeat(9)}acme-shop${ENTER}`],
        ['Widget id', `wgt_1${ENTER}`],
        ['Host name', ENTER],
      ],
    )
    expect(code).toBe(0)
    expect(await clone.read('acme-shop', 'wrangler.jsonc')).toContain('"WIDGET_ID": "wgt_1"')
  })

  it('a wrong answer is explained and asked again', async () => {
    const { code, left } = await atTerminal(
      ['new', 'acme'],
      [
        ['Origins of the pages', `acme.example${ENTER}`],
        ['needs a scheme: write https://acme.example', `${'\b'.repeat(12)}https://acme.example${ENTER}`],
        ['Widget id', `a b${ENTER}`],
        ['has letters, digits', `${'\b'.repeat(3)}${ENTER}`],
        ['Host name', `acme.example${ENTER}`],
        ['is the host of a page', `${'\b'.repeat(12)}chat.acme.example${ENTER}`],
      ],
    )
    expect([code, left]).toEqual([0, 0])
    expect(await clone.read('acme', 'wrangler.jsonc')).toContain('"PUBLIC_URL": "https://chat.acme.example"')
  })

  it('a typing mistake is reported before the first question', async () => {
    const { code, screen } = await atTerminal(['new', 'acme', '--widget', 'a b'], [])
    expect(code).toBe(2)
    expect(screen).toContain('--widget must be letters, digits')
  })

  it('a command without a name offers a choice of tenants', async () => {
    for (const name of ['acme', 'bakery']) await clone.run('new', name, '--origins', `https://${name}.example`)
    const { screen } = await atTerminal(['deploy', '--dry-run'], [['Which tenant?', `\u001b[B${ENTER}`]])
    expect(screen).toContain('Checking bakery')
  })

  it('Ctrl-C at a question ends the command, and nothing is written', async () => {
    const { code, screen } = await atTerminal(['new', 'acme'], [['Origins of the pages', '\u0003']])
    expect(code).toBe(2)
    expect(screen).toContain('You stopped it: nothing more was done.')
    expect((await clone.run('list', '--json')).json).toMatchObject({ tenants: [] })
  })

  it('a removal must be confirmed with the tenant’s name, and any other word removes nothing', async () => {
    await clone.run('new', 'acme', '--origins', 'https://acme.example')
    const stopped = await atTerminal(
      ['remove', 'acme'],
      [
        ['Type the name to go on', `yes${ENTER}`],
        ['Type acme, or press Ctrl-C', '\u0003'],
      ],
    )
    expect(stopped.code).toBe(2)
    expect(parseSecrets(await clone.read('acme', 'secrets.env')).values).toHaveProperty('TOKEN_SECRETS')
    expect((await atTerminal(['remove', 'acme'], [['Type the name to go on', `acme${ENTER}`]])).code).toBe(0)
    expect((await clone.run('list', '--json')).json).toMatchObject({ tenants: [] })
  })

  it('the output is coloured unless NO_COLOR is set', async () => {
    vi.stubEnv('NO_COLOR', undefined)
    // Node prints no colours on a machine that sets CI.
    vi.stubEnv('CI', undefined)
    vi.stubEnv('TERM', 'xterm-256color')
    vi.stubEnv('FORCE_COLOR', undefined)
    await clone.run('new', 'acme', '--origins', 'https://acme.example')
    expect((await atTerminal(['check', 'acme'], [])).screen).toContain('\u001b[31m✗')
    vi.stubEnv('NO_COLOR', '1')
    expect((await atTerminal(['check', 'acme'], [])).screen).not.toContain('\u001b[31m')
  })
})

describe('in a script', () => {
  it('the output has no colours and no progress animation', async () => {
    vi.stubEnv('FORCE_COLOR', undefined)
    await clone.run('new', 'acme', '--origins', 'https://acme.example')
    const { out, err } = await clone.run('check', 'acme')
    expect(out + err).not.toContain('\u001b')
  })

  it('no command shows the help, with its own exit code', async () => {
    const [asked, nothing] = [await clone.run('--help'), await clone.run()]
    expect([asked.code, nothing.code]).toEqual([0, 2])
    expect(nothing.out).toBe(asked.out)
  })
})
