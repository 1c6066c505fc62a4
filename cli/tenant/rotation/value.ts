/** Where a new value comes from: made here, typed where nobody sees it, or handed over by a script. Never the command line. */
import { text } from 'node:stream/consumers'
import { Mistake } from '../../base/mistake.ts'
import type { Run } from '../run.ts'
import { kidsOf, newTokenSecret, newWebhookSecret, type SecretValues } from '../secrets-file.ts'
import { ROTATABLE } from './plan.ts'

export type ValueSource = { fromEnv?: string; stdin?: boolean }

/** The new value. Throws `Mistake` when a script gave none or it cannot be one. */
export async function newValue(run: Run, secret: string, values: SecretValues, source: ValueSource): Promise<string> {
  if (ROTATABLE[secret] === 'made here') {
    if (secret === 'TOKEN_SECRETS') return newTokenSecret(run.clock.now(), kidsOf(values.TOKEN_SECRETS ?? ''))
    return newWebhookSecret()
  }
  const value = (await given(run, secret, values, source)).trim()
  const mistake = valueMistake(secret, value, values)
  if (mistake !== undefined) throw new Mistake('mistake', mistake)
  return value
}

function valueMistake(secret: string, value: string, values: SecretValues): string | undefined {
  if (value === '') return `The new value of ${secret} is empty: nothing was changed.`
  if (/[\s,'"]/.test(value))
    return `The new value of ${secret} holds a space, a comma or a quote: paste the value alone.`
  if (Object.values(values).includes(value)) {
    return `The new value of ${secret} is the one that is there already: make a new one first.`
  }
  return undefined
}

async function given(run: Run, secret: string, values: SecretValues, source: ValueSource): Promise<string> {
  const { terminal, env, streams } = run
  const { fromEnv, stdin } = source
  if (fromEnv !== undefined && stdin) throw new Mistake('usage', 'Use --stdin or --from-env, not both.')
  if (fromEnv !== undefined) {
    const value = env[fromEnv]
    if (value === undefined) {
      throw new Mistake('usage', `--from-env ${fromEnv} names a variable that the environment does not have.`)
    }
    return value
  }
  if (stdin) return text(streams.in)
  if (terminal.asks) {
    const message = `New ${secret} (nothing is shown while you paste)`
    return terminal.askHidden({ message, check: (value) => valueMistake(secret, value.trim(), values) })
  }
  throw new Mistake(
    'usage',
    `Hand over the new ${secret} with --stdin or --from-env NAME: on a command line others could read it.`,
  )
}
