/** Settings: every mistake is named in a sentence that says what to change, and no value of a secret is in it. */
import { describe, expect, it } from 'vitest'
import { settingSentence } from '../../edge/base/reason.ts'
import { Secret } from '../../edge/base/secret.ts'
import { VERSION } from '../../edge/base/version.ts'
import { parseSettings } from '../../edge/settings/index.ts'
import manifest from '../../package.json'

const KEY = 'caty_0123456789abcdef0123456789abcdef'
const SECRET = `k1:${'A'.repeat(42)}E`
const WHSEC = `whsec_${btoa('0123456789abcdef01234567')}`
const TARGET = {
  WEBHOOK_TARGET_URL: 'https://shop.example/hooks?from=caty',
  WEBHOOK_TARGET_SECRET: `${WHSEC},${WHSEC}`,
}
const sound = { CATY_API_KEY: KEY, TOKEN_SECRETS: SECRET, ALLOWED_ORIGINS: 'https://shop.example' }

const problemsOf = (env: Record<string, unknown>) => {
  const parsed = parseSettings(env)
  return parsed.ok ? [] : parsed.problems
}

describe('settings', () => {
  it('that are sound are taken, with the defaults of the design', () => {
    const parsed = parseSettings(sound)
    expect(parsed.ok && parsed.settings).toMatchObject({
      catyApiUrl: 'https://api.catyai.io',
      catyDialect: 'auto',
      dpop: 'required',
      tokenTtl: 300,
      tokenEpoch: 0,
      maintenance: false,
    })
  })

  it.each([
    ['CATY_API_KEY', { CATY_API_KEY: '' }],
    ['CATY_API_KEY', { CATY_API_KEY: 'caty_short' }],
    ['CATY_API_KEY', { CATY_API_KEY: KEY.replace('0', ' ') }],
    ['CATY_API_KEY', { CATY_API_KEY: KEY.replace('caty_', 'key_') }],
    ['CATY_API_KEY_NEXT', { CATY_API_KEY_NEXT: 'nonsense' }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '{' }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '[]' }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '{"wgt 1": "caty_0123456789abcdef"}' }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '{"wgt_1": "short"}' }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '{"wgt_1": {"write": "caty_0123456789abcdef"}}' }],
    ['TOKEN_SECRETS', { TOKEN_SECRETS: '' }],
    ['TOKEN_SECRETS', { TOKEN_SECRETS: 'A'.repeat(43) }],
    ['TOKEN_SECRETS', { TOKEN_SECRETS: 'k1:AAAA' }],
    ['TOKEN_SECRETS', { TOKEN_SECRETS: `${SECRET},${SECRET}` }],
    ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: '' }],
    ['ALLOWED_ORIGINS', { ALLOWED_ORIGINS: 'https://shop.example/' }],
    ['CATY_API_URL', { CATY_API_URL: 'https://api.catyai.io/v1' }],
    ['CATY_API_URL', { CATY_API_URL: 'ftp://api.catyai.io' }],
    ['CATY_DIALECT', { CATY_DIALECT: 'klingon' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'chat.example' }],
    ['DPOP', { DPOP: 'yes' }],
    ['TOKEN_TTL', { TOKEN_TTL: '5 minutes' }],
    ['TOKEN_TTL', { TOKEN_TTL: '1' }],
    ['TOKEN_EPOCH', { TOKEN_EPOCH: '-1' }],
    ['MAINTENANCE', { MAINTENANCE: 'perhaps' }],
    ['WIDGET_ID', { WIDGET_ID: 'a b' }],
    ['WIDGET_ID', { WIDGET_ID: KEY }],
    ['CATY_API_KEYS', { CATY_API_KEYS: JSON.stringify({ [KEY]: 'wgt_a' }) }],
    ['CATY_API_KEYS', { CATY_API_KEYS: '{"wgt_1": {"chat": "short", "config": "caty_0123456789abcdef"}}' }],
    ['TOKEN_SECRETS', { TOKEN_SECRETS: `${KEY.slice(0, 30)}:${'A'.repeat(43)}` }],
    ['TURNSTILE_SITE_KEY', { TURNSTILE_SITE_KEY: '1x0000000000000000000000000000000AA', TURNSTILE_SECRET: 'x' }],
    ['TURNSTILE_SECRET', { TURNSTILE_SITE_KEY: '1x00000000000000000000AA', TURNSTILE_SECRET: 'two words' }],
    ['TURNSTILE_VERIFY_URL', { TURNSTILE_VERIFY_URL: 'http://verify.example' }],
    ['SUPABASE_JWT_SECRET', { SUPABASE_JWT_SECRET: 'short' }],
    ['SUPABASE_JWT_SECRET_NEXT', { SUPABASE_JWT_SECRET_NEXT: `${'a'.repeat(32)}\nb` }],
    ['ADMIN_ROLE', { ADMIN_ROLE: 'a role' }],
    ['ADMIN_ORIGINS', { ADMIN_ORIGINS: 'dashboard.example' }],
    ['CATY_WEBHOOK_SECRETS', { CATY_WEBHOOK_SECRETS: 'one,' }],
    ['WEBHOOK_DELIVERY', { WEBHOOK_DELIVERY: 'pigeon' }],
    ['WEBHOOK_TARGET_SECRET', { WEBHOOK_TARGET_URL: 'https://shop.example/hooks' }],
    ['WEBHOOK_TARGET_URL', { WEBHOOK_TARGET_SECRET: WHSEC }],
    ['WEBHOOK_TARGET_URL', { ...TARGET, WEBHOOK_TARGET_URL: 'http://shop.example/hooks' }],
    ['WEBHOOK_TARGET_URL', { ...TARGET, WEBHOOK_TARGET_URL: 'https://ada:pw@shop.example/hooks' }],
    ['WEBHOOK_TARGET_URL', { ...TARGET, WEBHOOK_TARGET_URL: '/hooks' }],
    ['WEBHOOK_TARGET_SECRET', { ...TARGET, WEBHOOK_TARGET_SECRET: 'whsec_c2hvcnQ=' }],
    ['WEBHOOK_TARGET_SECRET', { ...TARGET, WEBHOOK_TARGET_SECRET: 'whsec_not-base64' }],
  ])('a wrong %s is named once: %o', (setting, change) => {
    const problems = problemsOf({ ...sound, ...change })
    expect(problems.map((problem) => problem.setting)).toEqual([setting])
    const [problem] = problems
    const said = problem ? settingSentence(problem) : ''
    expect(said).toMatch(/^[A-Z_]+ .+\.$/)
    for (const value of Object.values(change))
      if (/KEY|SECRET/.test(setting) && value.length > 4) expect(said).not.toContain(value)
  })
})

it('the version of the Worker is that of the package', () => {
  expect(VERSION).toBe(manifest.version)
})

it('a secret cannot be printed by accident', () => {
  const secret = new Secret('caty_0123456789abcdef')
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    JSON.stringify([secret]),
    Object.keys(secret).join(),
  ]
  expect(printed.join(' ')).not.toContain('0123')
  expect(secret.revealSecret()).toBe('caty_0123456789abcdef')
})
