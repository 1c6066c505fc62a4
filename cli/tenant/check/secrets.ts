/** The private half of a tenant: is the file complete, private, and nobody else's? No sentence holds a value. */
import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Tenant } from '../project.ts'
import type { ReadSecrets, SecretValues } from '../secrets-file.ts'
import { nearestSetting, SECRETS, VARIABLES } from '../settings.ts'
import { error, type Problem } from './problem.ts'

const run = promisify(execFile)

/** The key of `npm start`, which opens the sandbox and nothing else. */
const SANDBOX_KEY = /^caty_sandbox_/

export const secretsMissing = ({ name }: Tenant): Problem =>
  error(
    'secrets_missing',
    `There is no ${name}/secrets.env on this machine: make it with npm run tenant -- new ${name} --secrets-only, or add --without-secrets to leave the deployed ones as they are.`,
  )

/** The file as a file: who may read it, and does git know it? */
export async function fileProblems(tenant: Tenant): Promise<Problem[]> {
  const problems: Problem[] = []
  const { mode } = await stat(tenant.secrets)
  // Windows has no such bits and reports 0o666 for everything.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    problems.push(
      error('secrets_readable', `Others on this machine can read secrets.env: chmod 600 ${tenant.name}/secrets.env.`),
    )
  }
  const git = (...args: string[]): Promise<boolean> =>
    run('git', ['-C', tenant.folder, ...args]).then(
      () => true,
      () => false,
    )
  if (!(await git('rev-parse', '--is-inside-work-tree'))) return problems
  if (await git('ls-files', '--error-unmatch', 'secrets.env')) {
    const sentence =
      'git tracks secrets.env: take it out with git rm --cached secrets.env, and rotate every secret in it.'
    problems.push(error('secrets_tracked', sentence))
  } else if (!(await git('check-ignore', '--quiet', 'secrets.env'))) {
    problems.push(
      error('secrets_not_ignored', 'git would add secrets.env: put the line secrets* into .gitignore there.'),
    )
  }
  return problems
}

/** The values, beyond what the Worker itself checks. */
export function valueProblems({ values, problems: lines }: ReadSecrets): Problem[] {
  const problems = lines.map((line) => error('secrets_form', `secrets.env ${line}.`))
  for (const [name, value] of Object.entries(values)) {
    if (VARIABLES.includes(name)) {
      const sentence = `${name} is no secret: move it from secrets.env to vars in wrangler.jsonc, where it can be reviewed.`
      problems.push(error('variable_in_secrets', sentence))
    } else if (!SECRETS.includes(name)) {
      const nearest = nearestSetting(name)
      const advice = nearest === undefined ? 'docs/settings.md lists all of them.' : `did you mean ${nearest}?`
      problems.push(error('secret_unknown', `The Worker knows no secret ${name.slice(0, 60)}: ${advice}`))
    } else if (value !== value.trim() || /[\r\n\t]/.test(value)) {
      problems.push(
        error('secret_spaces', `${name} has white space around it or a line break in it: paste it again without.`),
      )
    }
  }
  if (SANDBOX_KEY.test(values.CATY_API_KEY ?? '')) {
    const sentence = "CATY_API_KEY is the sandbox's: put the key of Caty's dashboard (Settings → API Keys) there."
    problems.push(error('key_of_sandbox', sentence))
  }
  if (
    values.CATY_API_KEY !== undefined &&
    values.CATY_API_KEY !== '' &&
    values.CATY_API_KEY === values.CATY_API_KEY_NEXT
  ) {
    problems.push(
      error(
        'key_next_same',
        'CATY_API_KEY_NEXT is the same key as CATY_API_KEY: put the new key there, or take the line out.',
      ),
    )
  }
  return problems
}

/** Secrets that two tenants must never have in common: whoever has one could then make tokens for the other. */
export function sharedSecrets(own: SecretValues, other: SecretValues, otherName: string): Problem[] {
  const entries = (values: SecretValues): Set<string> =>
    new Set(
      (values.TOKEN_SECRETS ?? '')
        .split(',')
        .map((entry) => entry.trim().replace(/^[^:]*:/, ''))
        .filter(Boolean),
    )
  const theirs = entries(other)
  if (![...entries(own)].some((entry) => theirs.has(entry))) return []
  const sentence = `TOKEN_SECRETS has a key that the tenant ${otherName} has too: give this one its own with npm run tenant -- rotate.`
  return [error('token_secrets_shared', sentence)]
}
