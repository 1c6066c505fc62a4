/**
 * Settings as people paste them: nothing of a value gets out, whatever is wrong with it, and a value that is accepted
 * works.
 */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { settingSentence } from '../../edge/base/reason.ts'
import type { SecretKey } from '../../edge/base/secret-key.ts'
import { parseSettings, SETTING_NAMES, type Settings } from '../../edge/settings/index.ts'
import { ask } from './client.ts'

const KEY = 'caty_0123456789abcdef0123456789abcdef'
const SUPABASE = 'a shared secret of at least thirty-two characters'
const BYTES = Uint8Array.from({ length: 24 }, (_, at) => at * 10)
const sound = {
  CATY_API_KEY: KEY,
  TOKEN_SECRETS: `k1:${'A'.repeat(42)}E`,
  ALLOWED_ORIGINS: 'https://shop.example',
}
const full: Record<string, string> = {
  ...sound,
  CATY_API_KEY_NEXT: KEY,
  CATY_API_KEYS: JSON.stringify({ wgt_a: KEY }),
  TURNSTILE_SITE_KEY: '1x00000000000000000000AA',
  TURNSTILE_SECRET: '1x0000000000000000000000000000000AA',
  SUPABASE_URL: 'https://project.example',
  ADMIN_ORIGINS: 'https://dashboard.example',
  SUPABASE_JWT_SECRET: SUPABASE,
  CATY_WEBHOOK_SECRETS: 'one;1,two',
  WEBHOOK_TARGET_URL: 'https://shop.example/hooks',
  WEBHOOK_TARGET_SECRET: `whsec_${btoa(String.fromCharCode(...BYTES))}`,
}

function settingsOf(env: Record<string, unknown>): Settings {
  const parsed = parseSettings(env)
  if (!parsed.ok) throw new Error(parsed.problems.map(settingSentence).join(' '))
  return parsed.settings
}
const problemsOf = (env: Record<string, unknown>) => {
  const parsed = parseSettings(env)
  return parsed.ok ? [] : parsed.problems
}

describe('a value that is no text', () => {
  it.each(SETTING_NAMES)('is wrong and not absent: %s', (name) => {
    for (const value of [0, 1, true, false, {}, ['x'], 3.5]) {
      const [problem, ...more] = problemsOf({ ...full, [name]: value })
      expect([problem, more]).toEqual([{ setting: name, why: expect.stringContaining('is not text') }, []])
    }
  })

  it.each(SETTING_NAMES)('is absent when it is null, empty or white space: %s', (name) => {
    const without = problemsOf({ ...full, [name]: undefined })
    for (const value of [null, '', ' \n\t']) expect(problemsOf({ ...full, [name]: value })).toEqual(without)
  })
})

describe('white space around a value', () => {
  it.each(Object.keys(full))('does not count: %s', (name) => {
    const [plain, pasted] = [settingsOf(full), settingsOf({ ...full, [name]: `  ${full[name]} \r\n` })]
    expect(JSON.stringify(pasted)).toBe(JSON.stringify(plain))
  })

  it('changes no secret', async () => {
    const spaced = settingsOf(Object.fromEntries(Object.entries(full).map(([name, value]) => [name, ` ${value}\n`])))
    expect(await signaturesOf(spaced)).toEqual(await signaturesOf(settingsOf(full)))
    expect(spaced.turnstile?.secret.revealSecret()).toBe(full.TURNSTILE_SECRET)
    expect(spaced.widgets.get('default')?.chat.map((key) => key.revealSecret())).toEqual([KEY, KEY])
  })
})

/** What each secret that is a key signs. */
async function signaturesOf({ tokenSecrets, admin, webhooks }: Settings) {
  const keys: SecretKey[] = [
    ...tokenSecrets.map(({ secret }) => secret),
    ...(admin.on ? admin.settings.jwtSecrets : []),
    ...webhooks.secrets,
    ...(webhooks.target?.secrets ?? []),
  ]
  const sign = async (key: SecretKey) => new Uint8Array(await crypto.subtle.sign('HMAC', await key.hmac(), BYTES))
  return Promise.all(keys.map(sign))
}

describe('a secret that is accepted', () => {
  it('signs and verifies, whatever it is', async () => {
    const text = fc.oneof(
      fc.string({ minLength: 1, maxLength: 90 }),
      fc.base64String({ maxLength: 100 }),
      fc.base64String({ maxLength: 100 }).map((base64) => `whsec_${base64}`),
      fc.tuple(fc.base64String({ maxLength: 60 }), fc.nat(4)).map(([base64, n]) => `whsec_${base64}${'='.repeat(n)}`),
      fc.uint8Array({ minLength: 30, maxLength: 34 }).map((bytes) => `k:${btoa(String.fromCharCode(...bytes))}`),
    )
    const names = ['TOKEN_SECRETS', 'SUPABASE_JWT_SECRET', 'CATY_WEBHOOK_SECRETS', 'WEBHOOK_TARGET_SECRET']
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), text, async (name, value) => {
        const parsed = parseSettings({ ...full, [name]: value })
        if (!parsed.ok) return
        accepted += 1
        for (const signature of await signaturesOf(parsed.settings)) expect(signature).toHaveLength(32)
      }),
      { numRuns: 1500 },
    )
    expect(accepted).toBeGreaterThan(100)
  })

  it.each([
    ['without padding', (text: string) => text.replace(/=+$/, '')],
    ['with its padding', (text: string) => text],
    ['with one = too many', (text: string) => `${text}=`],
    ['without whsec_', (text: string) => text.replace('whsec_', '')],
  ])('is the same key %s', async (_name, spell) => {
    const bytes = Uint8Array.from({ length: 25 }, (_, at) => at)
    const text = `whsec_${btoa(String.fromCharCode(...bytes))}`
    const of = (secret: string) => signaturesOf(settingsOf({ ...full, WEBHOOK_TARGET_SECRET: secret }))
    expect(await of(spell(text))).toEqual(await of(text))
  })
})

describe('a list', () => {
  const LISTS = ['TOKEN_SECRETS', 'ALLOWED_ORIGINS', 'ADMIN_ORIGINS', 'WEBHOOK_TARGET_SECRET']

  it.each(LISTS.flatMap((name) => [';', '\n', ' '].map((separator) => [name, separator])))(
    '%s with %j between its entries is told to use commas',
    (name, separator) => {
      const problems = problemsOf({ ...full, [name]: [full[name], full[name]].join(separator) })
      expect(problems).toEqual([{ setting: name, why: expect.stringMatching(/^entry 1 holds .*: separate .* commas/) }])
    },
  )

  it('of secrets whose form is not known may hold semicolons, and no spaces', () => {
    expect(settingsOf({ ...full, CATY_WEBHOOK_SECRETS: 'a;b,c' }).webhooks.secrets).toHaveLength(2)
    expect(problemsOf({ ...full, CATY_WEBHOOK_SECRETS: 'a b' })).toHaveLength(1)
  })

  it('has each of its mistakes named by its place', () => {
    const why = problemsOf({ ...full, ALLOWED_ORIGINS: 'https://a.example,,capacitor://localhost,b.example' })
    expect(why.map((problem) => problem.why.split(' ').slice(0, 2).join(' '))).toEqual([
      'entry 2',
      'entry 3',
      'entry 4',
    ])
  })
})

/** Text that is in no sentence of ours, in every place of every form that a setting has. */
const canary = fc.stringMatching(/^[BCDFGHJKQVWXZ0-9]{12,24}$/)
const SHAPES: readonly ((text: string) => string)[] = [
  (c) => c,
  (c) => `caty_${c}`,
  (c) => `https://${c}`,
  (c) => `https://${c}.example/path`,
  (c) => `https://u:${c}@shop.example`,
  (c) => `https://*.${c}.com/x`,
  (c) => `${c}://localhost`,
  (c) => `https://shop.example\nhttps://${c}.example`,
  (c) => `k1:${c}`,
  (c) => `${c}:${'A'.repeat(43)}:x`,
  (c) => `caty_${c}${c}:${'A'.repeat(43)}`,
  (c) => JSON.stringify({ [c]: 'caty_short' }),
  (c) => JSON.stringify({ [`caty_${c}${c}`]: 'wgt_a' }),
  (c) => JSON.stringify({ [`${c} ${c}`]: KEY }),
  (c) => JSON.stringify({ wgt_a: { chat: c } }),
  (c) => JSON.stringify({ wgt_a: { [c]: KEY } }),
  (c) => `{"${c}"`,
  (c) => `whsec_${c}!`,
  (c) => `${c};${c}`,
  (c) => `${c}\n${c}`,
  (c) => `${c},,${c}`,
  (c) => `${c} ${c}`,
]
const runsOf = (text: string): string[] => Array.from({ length: text.length - 5 }, (_, at) => text.slice(at, at + 6))

describe('nothing of a value', () => {
  it('is in a sentence about it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTING_NAMES), fc.constantFrom(...SHAPES), canary, (name, shape, text) => {
        const said = problemsOf({ ...full, [name]: shape(text) })
          .map(settingSentence)
          .join('\n')
        expect(runsOf(text).filter((run) => said.includes(run.toUpperCase()) || said.includes(run))).toEqual([])
      }),
      { numRuns: 5000 },
    )
  })

  it('is in an answer of the Worker or in its log', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    let refused = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SETTING_NAMES),
        fc.constantFrom(...SHAPES),
        canary,
        async (name, shape, text) => {
          const env = { ...full, [name]: shape(text) }
          if (problemsOf(env).length === 0) return
          refused += 1
          for (const path of ['/health', '/token', '/api/widget/config']) {
            const response = await ask(path, { headers: { Origin: 'https://shop.example' } }, env)
            const said = [await response.text(), ...[...response.headers].flat(), ...log.mock.calls.flat()].join('\n')
            expect(response.status).toBe(503)
            expect(said).toContain(name)
            expect(runsOf(text).filter((run) => said.toUpperCase().includes(run))).toEqual([])
          }
          log.mockClear()
        },
      ),
      { numRuns: 120 },
    )
    log.mockRestore()
    expect(refused).toBeGreaterThan(40)
  })

  it('is where a visitor sees it: a name of a widget is no key', () => {
    for (const key of [KEY, `x${KEY}`, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']) {
      expect(problemsOf({ ...full, WIDGET_ID: key })).toHaveLength(1)
      expect(problemsOf({ ...full, CATY_API_KEYS: JSON.stringify({ [key]: KEY }) })).toHaveLength(1)
    }
    expect(settingsOf({ ...full, WIDGET_ID: 'caty_keyless_shop_of_the_bakery' }).widgetAlias).toBeDefined()
  })
})
