/** `rotate` on the command line: whose secret, which one, and where its new value comes from. */
import type { Command } from 'commander'
import { Mistake } from '../../base/mistake.ts'
import { didYouMean, listed } from '../../base/nearest.ts'
import type { Tenant } from '../places.ts'
import { chosenTenant, DRY_RUN, FOLDER, JSON_OUT, perform, type Run, tenantCommand } from '../run.ts'
import { type RotateOptions, rotateSecret } from './index.ts'
import { ROTATABLE } from './plan.ts'

const PURPOSES = ['config', 'chat', 'lead', 'track']

export const rotateCommand = (): Command =>
  tenantCommand('rotate', 'changes a secret so that no visitor notices; run again it goes on', [
    'acme TOKEN_SECRETS',
    'acme CATY_API_KEY --leaked',
    'acme CATY_API_KEYS --widget wgt_a --from-env NEW_KEY',
  ])
    .argument('[name]', 'the tenant')
    .argument('[secret]', `one of ${listed(Object.keys(ROTATABLE), 'or')}`)
    .option('--leaked', 'the old value ends at once: docs/leaked-key.md')
    .option('--now', 'does not wait for what a visitor would notice')
    .option('--stdin', 'reads the new value from stdin, where it is not made here')
    .option('--from-env <NAME>', 'reads the new value from a variable of the environment')
    .option('--widget <id>', 'whose key, for CATY_API_KEYS')
    .option('--purpose <purpose>', `one key of the widget alone: ${listed(PURPOSES, 'or')}`, purposeOption)
    .option(...DRY_RUN)
    .option(...FOLDER)
    .option(...JSON_OUT)
    .action(
      perform<RotateOptions>(async (run, options, words) => {
        // The secret may come first; whoever stands in the tenant's folder may leave its name out.
        const [name, secret] = words[0] !== undefined && words[0] in ROTATABLE ? [words[1], words[0]] : words
        const tenant = await chosenTenant(run, name)
        const chosen = await chosenSecret(run, tenant, secret)
        refuseIdle(chosen, options)
        return rotateSecret(run, tenant, chosen, options)
      }),
    )

function purposeOption(word: string): string {
  if (PURPOSES.includes(word)) return word
  throw new Mistake(
    'usage',
    `--purpose ${word.slice(0, 40)} is none: ${didYouMean(word, PURPOSES, `use ${listed(PURPOSES, 'or')}`)}`,
  )
}

async function chosenSecret({ terminal, called }: Run, { name }: Tenant, secret: string | undefined): Promise<string> {
  const secrets = Object.keys(ROTATABLE)
  if (secret !== undefined && secret in ROTATABLE) return secret
  if (secret !== undefined) {
    const advice = `use ${listed(secrets, 'or')}`
    throw new Mistake(
      'usage',
      `${secret.slice(0, 40)} is no secret that can be rotated: ${didYouMean(secret, secrets, advice)}`,
    )
  }
  if (terminal.asks) return terminal.choose(`Which secret of ${name}?`, secrets)
  throw new Mistake(
    'usage',
    `Name the secret, as in ${called} rotate ${name} TOKEN_SECRETS: it is ${listed(secrets, 'or')}.`,
  )
}

/** Options that would do nothing for this secret: whoever typed them expected something. */
function refuseIdle(secret: string, { widget, purpose, stdin, fromEnv }: RotateOptions): void {
  if (secret !== 'CATY_API_KEYS' && (widget !== undefined || purpose !== undefined)) {
    const option = widget !== undefined ? '--widget' : '--purpose'
    throw new Mistake('usage', `${option} goes with CATY_API_KEYS: ${secret} is one value for all widgets.`)
  }
  if (ROTATABLE[secret] === 'made here' && (stdin || fromEnv !== undefined)) {
    throw new Mistake('usage', `The new ${secret} is made here: leave ${stdin ? '--stdin' : '--from-env'} out.`)
  }
}
