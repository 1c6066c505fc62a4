/**
 * For each secret the order in which changing it costs no visitor anything. A step is one deployment, and the old and
 * the new version answer side by side while it spreads; so each two neighbours must understand what the other hands out.
 * `test/processes/rotation.test.ts` runs these very steps under load.
 */
import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { SecretChange, SecretValues } from '../secrets-file.ts'

export type Step = {
  /** What is done, for a person. */
  say: string
  /** What the step makes of the secrets as they are; run twice it makes the same. */
  change: (values: SecretValues) => SecretChange
  /** Seconds before the next step would cost nobody anything. */
  wait: number
  /** What somebody has to do elsewhere before the next step. */
  byHand?: string
}

export type Wanted = {
  secret: string
  /** Recognizes the new value among others without being it. */
  isNew: (value: string) => boolean
  /** The new value, when it is not in the file yet. */
  fresh: string | undefined
  /** Somebody has the old value: it ends within two minutes, and visitors renew their tokens. */
  leaked: boolean
  /** Of `CATY_API_KEYS`: whose key, and for which purpose alone. */
  widget?: string | undefined
  purpose?: string | undefined
}

/** Seconds until every place of Cloudflare's answers with a new version; it says “within seconds”. */
export const SPREAD_S = 30
/**
 * A visitor's tokens renew for 12 hours from one login, and his conversation is sealed with the ring's key: dropping the
 * old key earlier would make him start another.
 */
export const VISIT_S = 12 * 3600
const DELETE_OLD_KEY = "delete the old key in Caty's dashboard (Settings → API Keys)"

/** Every secret that can be rotated, and who makes the new value. */
export const ROTATABLE: Readonly<Record<string, 'made here' | 'given'>> = {
  TOKEN_SECRETS: 'made here',
  WEBHOOK_TARGET_SECRET: 'made here',
  CATY_API_KEY: 'given',
  CATY_API_KEYS: 'given',
  CATY_WEBHOOK_SECRETS: 'given',
  TURNSTILE_SECRET: 'given',
  SUPABASE_JWT_SECRET: 'given',
}

/** Tells a value from others; of 128 random bits and more, its hash gives nothing away. */
export const markOf = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 16)

/** The steps for a secret; each works on the values the steps before it left. */
export function planRotation(wanted: Wanted): Step[] {
  const { secret } = wanted
  if (secret === 'TOKEN_SECRETS') return tokenSecrets(wanted)
  if (secret === 'CATY_API_KEY') return catyKey(wanted)
  if (secret === 'CATY_API_KEYS') return catyKeys(wanted)
  if (secret === 'CATY_WEBHOOK_SECRETS') return webhooksIn(wanted)
  if (secret === 'WEBHOOK_TARGET_SECRET') return webhooksOut(wanted)
  if (secret === 'SUPABASE_JWT_SECRET') return supabaseSecret(wanted)
  return replaced(wanted)
}

/** The new value, from the file once it is there. Throws if it is nowhere, which the caller has ruled out. */
function freshOf({ fresh, isNew, secret }: Wanted, candidates: readonly string[]): string {
  const value = candidates.find(isNew) ?? fresh
  if (value === undefined) throw new Error(`the new value of ${secret} is lost`)
  return value
}

const ring = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)

function split(wanted: Wanted, text: string | undefined): { fresh: string; old: string[] } {
  const entries = ring(text)
  const fresh = freshOf(wanted, entries)
  return { fresh, old: entries.filter((entry) => entry !== fresh) }
}

function tokenSecrets(wanted: Wanted): Step[] {
  const set = (order: (fresh: string, old: string[]) => string[]) => (values: SecretValues) => {
    const { fresh, old } = split(wanted, values.TOKEN_SECRETS)
    return { TOKEN_SECRETS: order(fresh, old).join(',') }
  }
  const only: Step = {
    say: 'the old key goes: whatever it signed is void',
    change: set((fresh) => [fresh]),
    wait: 0,
  }
  return [
    {
      say: 'the new key verifies everywhere, and signs nowhere yet',
      change: set((fresh, old) => [...old, fresh]),
      wait: SPREAD_S,
    },
    {
      say: 'the new key signs; the old one still verifies',
      change: set((fresh, old) => [fresh, ...old]),
      // With a stolen key nobody waits for visits to end: tokens are renewed, and conversations begin anew.
      wait: wanted.leaked ? SPREAD_S : VISIT_S,
    },
    only,
  ]
}

/** A setting that has a `_NEXT`: the new value stands by in it first, and the old one after. */
function pairOf(wanted: Wanted) {
  const { secret } = wanted
  const spare = `${secret}_NEXT`
  const both = (values: SecretValues): { fresh: string; old: string } => {
    const known = [values[secret] ?? '', values[spare] ?? ''].filter((each) => each !== '')
    const fresh = freshOf(wanted, known)
    return { fresh, old: known.find((each) => each !== fresh) ?? '' }
  }
  return {
    standBy: (values: SecretValues): SecretChange => ({ [secret]: both(values).old, [spare]: both(values).fresh }),
    takeOver: (values: SecretValues): SecretChange => ({ [secret]: both(values).fresh, [spare]: both(values).old }),
    alone: (values: SecretValues): SecretChange => ({ [secret]: both(values).fresh, [spare]: null }),
  }
}

function catyKey(wanted: Wanted): Step[] {
  const { standBy, takeOver, alone } = pairOf(wanted)
  const last: Step = { say: 'the new key is used alone', change: alone, wait: 0 }
  // Nobody waits with a stolen key: the new one takes over first, so that deleting the old one costs nothing.
  if (wanted.leaked) return [{ ...last, wait: SPREAD_S, byHand: DELETE_OLD_KEY }]
  return [
    { say: 'the new key stands by: it is tried where Caty refuses the old one', change: standBy, wait: SPREAD_S },
    { say: 'the new key is used; the old one stands by', change: takeOver, wait: SPREAD_S, byHand: DELETE_OLD_KEY },
    last,
  ]
}

function supabaseSecret(wanted: Wanted): Step[] {
  const { standBy, alone } = pairOf(wanted)
  const last: Step = { say: 'only the new secret is taken', change: alone, wait: 0 }
  if (wanted.leaked) return [last]
  const byHand =
    'let your Supabase project sign with the new secret, and wait an hour until the last token of before is over'
  return [{ say: 'users of either secret are let in', change: standBy, wait: SPREAD_S, byHand }, last]
}

/** Both keys are good at Caty until somebody deletes the old one, so one step is enough. */
function catyKeys(wanted: Wanted): Step[] {
  const change = (values: SecretValues): SecretChange => ({
    CATY_API_KEYS: withKey(values.CATY_API_KEYS ?? '{}', wanted),
  })
  return [{ say: 'the new key is used for its widget', change, wait: SPREAD_S, byHand: DELETE_OLD_KEY }]
}

/** `CATY_API_KEYS`: a widget's key, or its keys by purpose. */
const WidgetKeys = v.record(v.string(), v.union([v.string(), v.record(v.string(), v.string())]))

function withKey(text: string, wanted: Wanted): string {
  const table = v.parse(WidgetKeys, JSON.parse(text))
  const { widget = '', purpose } = wanted
  const entry = table[widget] ?? {}
  const fresh = freshOf(wanted, typeof entry === 'string' ? [entry] : Object.values(entry))
  if (typeof entry === 'string' || table[widget] === undefined) table[widget] = fresh
  else {
    const purposes = purpose === undefined ? Object.keys(entry) : [purpose]
    table[widget] = { ...entry, ...Object.fromEntries(purposes.map((each) => [each, fresh])) }
  }
  return JSON.stringify(table)
}

function webhooksIn(wanted: Wanted): Step[] {
  const set = (all: boolean) => (values: SecretValues) => {
    const { fresh, old } = split(wanted, values.CATY_WEBHOOK_SECRETS)
    return { CATY_WEBHOOK_SECRETS: (all ? [...old, fresh] : [fresh]).join(',') }
  }
  if (wanted.leaked) return [{ say: 'only the new secret is taken', change: set(false), wait: 0 }]
  return [
    {
      say: 'either secret is taken',
      change: set(true),
      wait: SPREAD_S,
      byHand:
        "put the new secret into the webhook of Caty's dashboard, and wait a day, in which Caty may repeat what it signed before",
    },
    { say: 'only the new secret is taken', change: set(false), wait: 0 },
  ]
}

function webhooksOut(wanted: Wanted): Step[] {
  const set = (all: boolean) => (values: SecretValues) => {
    const { fresh, old } = split(wanted, values.WEBHOOK_TARGET_SECRET)
    return { WEBHOOK_TARGET_SECRET: (all ? [fresh, ...old] : [fresh]).join(',') }
  }
  return [
    {
      say: 'each delivery carries a signature by either secret',
      change: set(true),
      wait: SPREAD_S,
      byHand:
        'give your receiver the new secret, the first of WEBHOOK_TARGET_SECRET in secrets.env, in place of the old one',
    },
    { say: 'only the new secret signs', change: set(false), wait: 0 },
  ]
}

/** Turnstile goes on taking the old secret for two hours after it was rotated there: one step is enough. */
function replaced({ secret, fresh, isNew }: Wanted): Step[] {
  const change = (values: SecretValues): SecretChange => {
    const known = values[secret]
    return { [secret]: known !== undefined && isNew(known) ? known : (fresh ?? null) }
  }
  return [{ say: 'the new secret is used', change, wait: 0 }]
}
