/**
 * `rotate`: walks the steps of a plan, one deployment each, and remembers after each how far it came. Run again it goes
 * on, whatever ended it: an interrupt, a failure at Cloudflare, a wait of hours, something that is to be done elsewhere.
 */
import * as v from 'valibot'
import { parseSettings } from '../../../edge/settings/index.ts'
import { EXIT, Mistake } from '../../base/mistake.ts'
import { listed } from '../../base/nearest.ts'
import type { Tenant } from '../places.ts'
import { type Run, type SoundTenant, soundTenant } from '../run.ts'
import { kidsOf, readSecrets, type SecretValues, withSecrets, writeSecrets } from '../secrets-file.ts'
import { readState, refuseOtherWork, type State, writeState } from '../state.ts'
import { giveTraffic, onlyVersion, versionWithSecrets } from '../versions.ts'
import { Wrangler } from '../wrangler.ts'
import { markOf, planRotation, type Step } from './plan.ts'
import { newValue, type ValueSource } from './value.ts'

export type RotateOptions = ValueSource & {
  leaked?: boolean
  widget?: string
  purpose?: string
  /** Do the next step although its time has not come. */
  now?: boolean
}
type Rotation = NonNullable<State['rotation']>

/** Waits that a person sits through; a longer one ends the command, and the next run goes on. */
const SIT_THROUGH_S = 120

/** The exit code: done, or waiting. Throws `Mistake`. */
export async function rotateSecret(run: Run, tenant: Tenant, secret: string, options: RotateOptions): Promise<number> {
  const { terminal, dryRun } = run
  const sound = await soundTenant(run, tenant, false)
  const state = await readState(tenant)
  refuseOtherWork(run, tenant, state, secret)
  const wrangler = new Wrangler(run, tenant)
  const begun = state.rotation
  const fresh = begun && markedIn(sound.secrets, begun) ? undefined : await freshFor(run, secret, sound, options)
  const rotation = begun && fresh === undefined ? resumed(begun, options) : started(secret, fresh ?? '', options)
  const steps = planRotation({ ...rotation, fresh, isNew: (value) => markOf(value) === rotation.mark })
  refuseUnfit(sound, secret, { ...sound.secrets, ...withoutNulls(steps[rotation.done]?.change(sound.secrets) ?? {}) })
  if (dryRun) return rehearse(run, sound, steps, wrangler, secret)
  if (!rotation.uploaded) await terminal.step('Asking Cloudflare what is deployed', () => onlyVersion(wrangler))
  const waiting = await walk({ run, tenant, sound, wrangler, rotation, steps, now: options.now === true })
  if (waiting !== undefined) return sayWaiting(run, tenant, secret, waiting, wrangler)
  await writeState(tenant, withoutRotation(await readState(tenant)))
  const byHand = steps.at(-1)?.byHand
  const result = { ok: true, command: 'rotate', tenant: tenant.name, secret, done: true }
  terminal.result({ ...result, ...(byHand !== undefined && { byHand }), commands: wrangler.shown })
  terminal.done(`${secret} of ${tenant.name} is rotated`)
  if (byHand !== undefined) terminal.say(`Now ${byHand}.`)
  return EXIT.done
}

const started = (secret: string, fresh: string, { leaked = false, widget, purpose }: RotateOptions): Rotation => ({
  secret,
  leaked,
  done: 0,
  mark: markOf(fresh),
  widget,
  purpose,
})

/** A rotation that was begun at leisure may turn into an emergency, never the other way round. */
const resumed = (begun: Rotation, { leaked }: RotateOptions): Rotation =>
  leaked && !begun.leaked
    ? { ...begun, leaked, done: 0, uploaded: undefined, notBefore: undefined, asked: undefined }
    : begun

/** Is the new value of a rotation that was begun still in the file? If somebody took it out, we begin anew. */
function markedIn(secrets: SecretValues, { mark }: Rotation): boolean {
  const words = Object.values(secrets).flatMap((value) => [value, ...value.split(/[,"]/)])
  return words.some((word) => markOf(word.trim()) === mark)
}

async function freshFor(run: Run, secret: string, { secrets }: SoundTenant, options: RotateOptions): Promise<string> {
  if (!secrets[secret]) {
    throw new Mistake(
      'mistake',
      `${secret} is not set in secrets.env: put it there and deploy; there is nothing to rotate yet.`,
    )
  }
  if (secret === 'CATY_API_KEYS') refuseWidget(secrets.CATY_API_KEYS ?? '', options.widget)
  return newValue(run, secret, secrets, options)
}

const Table = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()))

function refuseWidget(table: string, widget: string | undefined): void {
  const parsed = v.safeParse(Table, table)
  const ids = parsed.success ? Object.keys(parsed.output) : []
  if (widget !== undefined && ids.includes(widget)) return
  const known = `it is ${listed(ids, 'or')}`
  throw new Mistake(
    'usage',
    widget === undefined
      ? `Say whose key it is with --widget: ${known}.`
      : `CATY_API_KEYS has no widget ${widget.slice(0, 60)}: ${known}.`,
  )
}

type Walk = {
  run: Run
  tenant: Tenant
  sound: SoundTenant
  wrangler: Wrangler
  rotation: Rotation
  steps: readonly Step[]
  now: boolean
}
/** Why it stopped before the end. */
type Waiting = { until?: string; byHand?: string }

async function walk(going: Walk): Promise<Waiting | undefined> {
  const { run, tenant, steps } = going
  let { rotation } = going
  const save = async (change: Partial<Rotation>): Promise<void> => {
    rotation = { ...rotation, ...change }
    await writeState(tenant, { ...(await readState(tenant)), rotation })
  }
  for (const [index, step] of steps.entries()) {
    if (index < rotation.done) continue
    const waiting = await rest(going, rotation)
    if (waiting) return waiting
    const before = await secretsOf(tenant)
    const change = step.change(before.values)
    refuseUnfit(going.sound, rotation.secret, { ...before.values, ...withoutNulls(change) })
    await save({})
    await writeSecrets(tenant.secrets, withSecrets(before.text, change))
    const title = `${rotation.secret}, step ${index + 1} of ${steps.length}: ${step.say}`
    await run.terminal.step(title, async () => {
      // A version that was made before an interruption has the secrets already; only its traffic is missing.
      const version = rotation.uploaded ?? (await versionWithSecrets(going.wrangler, change, title))
      if (version === undefined) return
      await save({ uploaded: version })
      await giveTraffic(going.wrangler, [{ version, percentage: 100 }], title)
      await rememberVersion(tenant, version, change)
    })
    const notBefore = new Date(run.clock.now().getTime() + step.wait * 1000).toISOString()
    await save({ done: index + 1, uploaded: undefined, notBefore, asked: undefined })
    if (index + 1 === steps.length && step.byHand !== undefined) await rest(going, rotation)
  }
  return undefined
}

/** Waits until the next step costs nobody anything, and for what somebody has to do elsewhere. */
async function rest({ run, steps, now }: Walk, rotation: Rotation): Promise<Waiting | undefined> {
  const { terminal, clock } = run
  const left = rotation.notBefore === undefined ? 0 : Date.parse(rotation.notBefore) - clock.now().getTime()
  if (left > 0 && !now) {
    if (left > SIT_THROUGH_S * 1000) return { until: rotation.notBefore ?? '' }
    await terminal.step('Waiting until the new version has spread', () => clock.sleep(left))
  }
  const next = rotation.done < steps.length ? steps[rotation.done - 1]?.byHand : undefined
  if (next === undefined || rotation.asked === true) return undefined
  if (terminal.asks && (await terminal.agrees(`Now ${next}. Done?`))) return undefined
  return { byHand: next }
}

async function secretsOf(tenant: Tenant): Promise<{ text: string; values: SecretValues }> {
  const read = await readSecrets(tenant.secrets)
  if (!read) throw new Mistake('mistake', `${tenant.name}/secrets.env is gone.`)
  return read
}

const withoutNulls = (change: Record<string, string | null>): SecretValues =>
  Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value ?? '']))

/** The Worker's own judgement, before it would give it to visitors. */
function refuseUnfit({ config }: SoundTenant, secret: string, secrets: SecretValues): void {
  const parsed = parseSettings({ ...secrets, ...config.vars })
  if (parsed.ok) return
  const named = (setting: string): string =>
    setting.replace(/_NEXT$/, '') === secret ? `The new value of ${secret}` : setting
  throw new Mistake('mistake', ...parsed.problems.map(({ setting, why }) => `${named(setting)} ${why}.`))
}

async function rememberVersion(tenant: Tenant, version: string, change: Record<string, string | null>): Promise<void> {
  const state = await readState(tenant)
  const ring =
    typeof change.TOKEN_SECRETS === 'string' ? kidsOf(change.TOKEN_SECRETS) : (state.rings[state.version ?? ''] ?? [])
  await writeState(tenant, { ...state, version, rings: { ...state.rings, [version]: ring } })
}

const withoutRotation = ({ rotation: _, ...state }: State): State => state

async function sayWaiting(
  run: Run,
  tenant: Tenant,
  secret: string,
  waiting: Waiting,
  wrangler: Wrangler,
): Promise<number> {
  const { terminal, clock, called } = run
  const again = `${called} rotate ${tenant.name} ${secret}`
  // Running the command again is how a script says that it was done.
  if (waiting.byHand !== undefined) {
    const state = await readState(tenant)
    if (state.rotation) await writeState(tenant, { ...state, rotation: { ...state.rotation, asked: true } })
  }
  const sentence =
    waiting.byHand === undefined
      ? `Every visitor's visit is over at ${waiting.until}: run ${again} again then; nothing is wrong meanwhile.`
      : `Now ${waiting.byHand}; then run ${again} again.`
  terminal.result({
    ok: true,
    command: 'rotate',
    tenant: tenant.name,
    secret,
    done: false,
    ...waiting,
    next: again,
    at: clock.now().toISOString(),
    commands: wrangler.shown,
  })
  terminal.say(sentence)
  return EXIT.waiting
}

/** Every step and command, without a value, a file or a call. */
async function rehearse(
  run: Run,
  { secrets, tenant }: SoundTenant,
  steps: readonly Step[],
  wrangler: Wrangler,
  secret: string,
): Promise<number> {
  const { terminal } = run
  let values = secrets
  for (const [index, step] of steps.entries()) {
    const change = step.change(values)
    values = { ...values, ...withoutNulls(change) }
    terminal.note(`step ${index + 1} of ${steps.length}: ${step.say} (${Object.keys(change).join(', ')})`)
    await versionWithSecrets(wrangler, change, `${secret}, step ${index + 1} of ${steps.length}`)
    await giveTraffic(wrangler, [{ version: '<the version it made>', percentage: 100 }], step.say)
    if (step.wait > 0) terminal.note(`  then ${step.wait} seconds`)
    if (step.byHand !== undefined) terminal.note(`  then ${step.byHand}`)
  }
  terminal.result({
    ok: true,
    command: 'rotate',
    tenant: tenant.name,
    secret,
    dryRun: true,
    steps: steps.map(({ say, wait, byHand }) => ({ say, wait, byHand })),
    commands: wrangler.shown,
  })
  return EXIT.done
}
