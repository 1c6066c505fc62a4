/** The program of `npm start` passes every setting to the Worker in workerd exactly as it was given. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startUntilAnswers } from '../../cli/start/processes.ts'
import { edgeProgram } from '../../cli/start/run.ts'
import { settingsIn } from '../../cli/start/settings.ts'
import { SETTING_NAMES } from '../../edge/settings/index.ts'
import { freePort } from '../support/free-port.ts'

/** Characters with a special meaning in shells, dotenv files and TOML. */
const KNOWN = [
  'pa$HOME-x',
  '$' + '{HOME}',
  "it's",
  '"quoted"',
  '`date`',
  'a\\nb\\',
  'two\nlines\r\nand more',
  '# no comment',
  'a #b',
  '  spaces around  ',
  '\ttab\t',
  '%PATH% !x! ^',
  '\'\'\' """',
  '{"json": true}',
  'true',
  'ключ 🔑 مفتاح',
]
/** No environment can hold a NUL. */
const anyText = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(...'$\'"`\\\n\r\t#= {}()!%;&|<>*?'),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    ),
    minLength: 1,
    maxLength: 60,
  })
  .filter((text) => !text.includes('\0'))

it('any text reaches the Worker, and no file holds it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'caty-keyless-settings-'))
  writeFileSync(join(folder, 'worker.js'), 'export default { fetch: (request, env) => Response.json(env) }')
  writeFileSync(join(folder, '.dev.vars'), 'S0=of-another-command\nNOT_GIVEN=x\n')
  const config = join(folder, 'wrangler.toml')
  writeFileSync(
    config,
    'name = "echo"\nmain = "worker.js"\ncompatibility_date = "2026-10-01"\n[vars]\nS1 = "of the config"\n',
  )
  const values = [...KNOWN, ...fc.sample(anyText, 300)]
  const settings = Object.fromEntries(values.map((value, at) => [`S${at}`, value]))
  const port = await freePort()
  const program = edgeProgram(process.env, { config, port, settings, state: join(folder, 'state') })
  const running = await startUntilAnswers(program, `http://127.0.0.1:${port}/`)
  try {
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).json()).toEqual(settings)
    expect([program.args.join(' '), JSON.stringify(program.env)].join()).not.toContain('of the config')
    expect(
      readdirSync(folder)
        .sort()
        .filter((name) => name !== 'state' && name !== '.wrangler'),
    ).toEqual(['.dev.vars', 'worker.js', 'wrangler.toml'])
  } finally {
    await running.stop()
    rmSync(folder, { recursive: true })
  }
})

it('the program reads settings unchanged from the environment', () => {
  fc.assert(
    fc.property(fc.constantFrom(...SETTING_NAMES), anyText, (name, value) => {
      expect(settingsIn({ [name]: value, OTHER: 'x' })).toEqual({ [name]: value })
    }),
  )
})
