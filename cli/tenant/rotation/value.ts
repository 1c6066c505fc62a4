/** Where a new value comes from: made here, typed where nobody sees it, or handed over by a script. Never the command line. */
import { text } from 'node:stream/consumers'
import { Stopped } from '../mistake.ts'
import type { Run } from '../run.ts'
import { kidsOf, newTokenSecret, newWebhookSecret, type SecretValues } from '../secrets-file.ts'
import { ROTATABLE } from './plan.ts'

export type ValueSource = { fromEnv: string | undefined; stdin: boolean }

/** The new value. Throws `Stopped` when a script gave none or it cannot be one. */
export async function newValue(run: Run, secret: string, values: SecretValues, source: ValueSource): Promise<string> {
  if (ROTATABLE[secret] === 'made here') {
    if (secret === 'TOKEN_SECRETS') return newTokenSecret(run.clock.now(), kidsOf(values.TOKEN_SECRETS ?? ''))
    return newWebhookSecret()
  }
  const value = (await given(run, secret, source)).trim()
  if (value === '') throw new Stopped('usage', `The new value of ${secret} is empty: nothing was changed.`)
  if (/[\s,'"]/.test(value)) {
    throw new Stopped('mistake', `The new value of ${secret} holds a space, a comma or a quote: paste the value alone.`)
  }
  if (Object.values(values).includes(value)) {
    throw new Stopped('mistake', `The new value of ${secret} is the one that is there already: make a new one first.`)
  }
  return value
}

async function given({ terminal }: Run, secret: string, { fromEnv, stdin }: ValueSource): Promise<string> {
  if (fromEnv !== undefined) {
    const value = process.env[fromEnv]
    if (value === undefined)
      throw new Stopped('usage', `--from-env names ${fromEnv}, which the environment does not have.`)
    return value
  }
  if (stdin) return text(process.stdin)
  if (terminal.asks) return terminal.askHidden(`New ${secret} (nothing is shown while you paste):`)
  throw new Stopped(
    'usage',
    `Hand over the new ${secret} with --stdin or --from-env NAME: on a command line others could read it.`,
  )
}
