/**
 * The defences of docs/security.md, each with the edit that takes it out and the tests that must then fail. A defence
 * that can be removed without a test failing is a defence that will be removed one day.
 */
import { ADMIN_MUTANTS } from './admin.ts'
import { JWS_MUTANTS } from './jws.ts'
import { edge, type Mutant } from './mutant.ts'
import { PAGE_MUTANTS } from './page.ts'
import { WEBHOOK_MUTANTS } from './webhook.ts'

const KEY = 'the key in a page, response, log, error, redirect or trace'
const COPIED = 'a token copied elsewhere'
const SESSION = "another visitor's session"
const FORGED = 'a script that forges Origin and spends the quota'
const FARMING = 'token farming'
const CACHE = "cache poisoning, one tenant's or origin's answer for another"
const PATH = 'path tricks, SSRF, header injection'
const BODIES = 'slow or huge bodies, upstream that hangs'

export const MUTANTS: readonly Mutant[] = [
  edge(KEY, 'no redirect is followed', 'caty/client.ts', "redirect: 'manual',", "redirect: 'follow',", 'canary'),
  edge(KEY, 'an echo of the key is cut out', 'caty/client.ts', ".replaceAll(secret, '[key]')", '', 'canary'),
  edge(
    KEY,
    'a secret prints as [secret]',
    'secret.ts',
    "  toJSON(): string {\n    return '[secret]'",
    '  toJSON(): string {\n    return this.#text',
    'settings',
  ),
  edge(
    KEY,
    'a log line comes from an allow-list',
    'log.ts',
    '  console.log(JSON.stringify(line))',
    '  console.log(JSON.stringify({ ...line, e: new Error().stack, all: globalThis.String(process.env.X) }))',
    'log',
  ),
  edge(
    COPIED,
    'the page of the token is compared',
    'token/access-token.ts',
    'if (claims.output.org !== expected.origin)',
    'if (false)',
    'refusals',
  ),
  edge(COPIED, 'a token ends', 'token/access-token.ts', 'tolerance: grace })', 'tolerance: 1e9 })', 'tokens'),
  edge(
    COPIED,
    'a bound token is no Bearer token',
    'guard/authorize.ts',
    "if ((token.cnf !== undefined) !== (scheme === 'DPoP'))",
    'if (false)',
    'refusals',
  ),
  edge(
    COPIED,
    'the proof is by the key of the token',
    'token/dpop.ts',
    'if (expected.thumbprint !== undefined && expected.thumbprint !== thumbprint)',
    'if (false)',
    'dpop',
  ),
  edge(
    COPIED,
    'the proof names the token',
    'token/dpop.ts',
    'if (expected.accessToken !== undefined && ath !== (await sha256(expected.accessToken)))',
    'if (false)',
    'dpop',
  ),
  edge(
    COPIED,
    'a proof counts once',
    'token/dpop.ts',
    'if (!expected.replays.isFirst(`${thumbprint} ${jti}`, expected.now))',
    'if (false)',
    'dpop',
  ),
  edge(
    SESSION,
    'a handle is sealed together with its visitor',
    'token/handle.ts',
    '`session ${owner.widget} ${owner.visitor}`',
    '`session ${owner.widget.slice(0, 0)}`',
    'refusals',
  ),
  edge(SESSION, 'visitor_id comes from the key', 'caty/dialect.ts', '    visitor_id: visitor,', '', 'refusals'),
  edge(
    FORGED,
    'calls of a visitor are limited',
    'guard/rate-limit.ts',
    "if (!success) throw new Refused({ kind: 'quota', quotas: [CALLS]",
    "if (!success && false) throw new Refused({ kind: 'quota', quotas: [CALLS]",
    'limits',
  ),
  edge(FORGED, 'messages of a visitor are counted', 'ledger/budget.ts', 'if (early > 0)', 'if (false)', 'ledger'),
  edge(
    FORGED,
    'messages of the tenant are counted',
    'ledger/budget.ts',
    'if (place.waitMs > 0)',
    'if (false)',
    'ledger',
  ),
  edge(
    FORGED,
    'messages of a day are counted',
    'ledger/budget.ts',
    'if (today >= limits.perDay)',
    'if (false)',
    'ledger',
  ),
  edge(
    FORGED,
    'without the ledger no message goes out',
    'guard/meter.ts',
    "    throw new Refused({ kind: 'ledger_unreachable', retryAfter: LEDGER_RETRY_S })",
    '    return JSON.parse(\'{"kind":"go","at":0,"left":{"policy":"day","count":1}}\')',
    'limits',
  ),
  edge(
    FORGED,
    'the challenge is verified',
    'guard/turnstile.ts',
    'if (!verdict.success || elsewhere)',
    'if (false)',
    'turnstile',
  ),
  edge(
    FORGED,
    'an origin that is not listed is refused',
    'guard/cors.ts',
    'if (!originAllowed(origin, rules))',
    'if (false)',
    'refusals',
  ),
  edge(
    FARMING,
    'tokens of an address are limited',
    'guard/rate-limit.ts',
    "if (!success) throw new Refused({ kind: 'quota', quotas: [quota]",
    "if (!success && false) throw new Refused({ kind: 'quota', quotas: [quota]",
    'limits',
  ),
  edge(
    FARMING,
    'only CF-Connecting-IP counts',
    'guard/rate-limit.ts',
    "request.headers.get('CF-Connecting-IP')",
    "request.headers.get('X-Forwarded-For')",
    'limits',
  ),
  edge(
    FARMING,
    'renewals end after 12 hours',
    'token/exchange.ts',
    'if (now.getTime() / 1000 >= token.sid_exp)',
    'if (false)',
    'tokens',
  ),
  edge(
    FARMING,
    'the challenge is asked for',
    'token/exchange.ts',
    'if (thumbprint !== undefined && subject.earlier?.cnf === undefined)',
    'if (false)',
    'turnstile',
  ),
  edge(
    CACHE,
    'each widget has its own cache key',
    'caty/config-cache.ts',
    '/${encodeURIComponent(widget)}`',
    '/one`',
    'config-cache',
  ),
  edge(
    CACHE,
    'answers are not stored',
    'call.ts',
    "headers.set('Cache-Control', 'no-store')",
    "headers.set('Cache-Control', 'public')",
    'calls',
  ),
  edge(
    CACHE,
    'every answer varies by Origin',
    'guard/cors.ts',
    "headers.append('Vary', 'Origin')",
    "headers.append('Vary', 'Accept')",
    'refusals',
  ),
  edge(PATH, 'only plain paths reach a route', 'call.ts', '/^(\\/|(\\/[A-Za-z0-9._~-]+)+)$/', '/^/', 'refusals'),
  ...JWS_MUTANTS,
  ...WEBHOOK_MUTANTS,
  edge(
    BODIES,
    'bytes are counted while reading',
    'guard/body.ts',
    'if (length > limit) {',
    'if (length < 0) {',
    'refusals',
  ),
  edge(
    BODIES,
    'a body that never ends is given up',
    'guard/body.ts',
    'return Promise.race([reading, promise])',
    'return Promise.race([reading])',
    'slow-body',
  ),
  edge(
    BODIES,
    'a call to Caty ends when its time is over',
    'caty/client.ts',
    'const timeout = AbortSignal.timeout(call.timeoutMs)',
    'const timeout = AbortSignal.timeout(call.timeoutMs + 1e6)',
    'upstream',
  ),
  edge(
    BODIES,
    'the breaker leaves a dead Caty alone',
    'caty/breaker.ts',
    'if (now < this.#restUntil) return this.#restUntil - now',
    '',
    'upstream',
  ),
  edge(
    BODIES,
    'a POST is never sent twice',
    'caty/client.ts',
    "if (call.method !== 'GET') return this.#send(call, credential, signal)",
    '',
    'upstream',
  ),
  ...ADMIN_MUTANTS,
  ...PAGE_MUTANTS,
]
