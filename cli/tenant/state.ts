/**
 * What the tool remembers of a tenant between two runs: where it is, which key ring each version has, and how far a
 * rotation or a roll-out has come. Nothing secret; without the file the tool only knows less.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import * as v from 'valibot'
import { Mistake } from '../base/mistake.ts'
import type { Tenant } from './places.ts'
import type { Run } from './run.ts'

const Rotation = v.object({
  secret: v.string(),
  leaked: v.boolean(),
  /** The steps that are done. */
  done: v.number(),
  /** Recognizes the new value: the beginning of its hash. */
  mark: v.string(),
  widget: v.optional(v.string()),
  purpose: v.optional(v.string()),
  /** A version that was made for the next step and has no traffic yet. */
  uploaded: v.optional(v.string()),
  /** ISO time before which the next step would cost a visitor something. */
  notBefore: v.optional(v.string()),
  /** Somebody was told what to do elsewhere; running the command again says that it was done. */
  asked: v.optional(v.boolean()),
})
const Rollout = v.object({
  from: v.string(),
  to: v.string(),
  steps: v.array(v.number()),
  /** The steps that are done. */
  done: v.number(),
})
const State = v.object({
  url: v.optional(v.string()),
  deployedAt: v.optional(v.string()),
  /** The version all traffic goes to, as far as this machine knows. */
  version: v.optional(v.string()),
  /** The names of the ring's keys by version: a version that signs with a key another one lacks must not run beside it. */
  rings: v.optional(v.record(v.string(), v.array(v.string())), {}),
  rotation: v.optional(Rotation),
  rollout: v.optional(Rollout),
})
export type State = v.InferOutput<typeof State>

export async function readState(tenant: Tenant): Promise<State> {
  const text = await readFile(tenant.state, 'utf8').catch(() => '{}')
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), State), text)
  return parsed.success ? parsed.output : { rings: {} }
}

/** Versions whose rings are remembered; Cloudflare itself rolls back to the latest hundred. */
const KEEP_RINGS = 100

/** Replaces the file in one move. */
export async function writeState(tenant: Tenant, state: State): Promise<void> {
  const rings = Object.fromEntries(Object.entries(state.rings).slice(-KEEP_RINGS))
  const temporary = `${tenant.state}.${process.pid}`
  await writeFile(temporary, `${JSON.stringify({ ...state, rings }, null, 2)}\n`)
  await rename(temporary, tenant.state)
}

export const withoutRollout = ({ rollout: _, ...state }: State): State => state

/**
 * Throws `Mistake` while a roll-out or a rotation is under way: two of them at once would undo one another. `own` is the
 * secret whose rotation may go on.
 */
export function refuseOtherWork({ called }: Run, { name }: Tenant, { rotation, rollout }: State, own?: string): void {
  if (rollout) {
    const ways = `finish it with ${called} rollout ${name}, or undo it with ${called} rollback ${name}`
    throw new Mistake('mistake', `A roll-out of ${name} is under way: ${ways}.`)
  }
  if (rotation && rotation.secret !== own) {
    const { secret } = rotation
    throw new Mistake(
      'mistake',
      `A rotation of ${secret} is under way: finish it first with ${called} rotate ${name} ${secret}.`,
    )
  }
}
