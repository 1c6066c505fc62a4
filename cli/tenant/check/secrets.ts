/** The private half of a tenant: is the file complete, private, and nobody else's? No sentence holds a value. */
import { stat } from 'node:fs/promises'
import { execa } from 'execa'
import type { Tenant } from '../places.ts'
import type { Run } from '../run.ts'
import type { ReadSecrets } from '../secrets-file.ts'
import { SECRETS, settingMeant, VARIABLES } from '../settings.ts'
import { error, type Problem } from './problem.ts'

/** The key of `npm start`, which opens the sandbox and nothing else. */
const SANDBOX_KEY = /^caty_sandbox_/

export const secretsMissing = ({ called, places }: Run, { name, secrets }: Tenant): Problem =>
  error(
    'secrets_missing',
    `There is no ${places.shown(secrets)} on this machine: make it with ${called} new ${name} --secrets-only, or add --without-secrets to leave the deployed ones as they are.`,
  )

/** The file as a file: who may read it, and does git know it? */
export async function fileProblems({ places }: Run, tenant: Tenant): Promise<Problem[]> {
  const problems: Problem[] = []
  const { mode } = await stat(tenant.secrets)
  // Windows has no such bits and reports 0o666 for everything.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    const sentence = `Others on this machine can read secrets.env: run chmod 600 '${places.shown(tenant.secrets)}'.`
    problems.push(error('secrets_readable', sentence.replace(/'([\w./-]+)'/, '$1')))
  }
  const git = async (...args: string[]): Promise<boolean> =>
    !(await execa('git', ['-C', tenant.folder, ...args], { reject: false })).failed
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
  for (const name of Object.keys(values)) {
    if (VARIABLES.includes(name)) {
      const sentence = `${name} is no secret: move it from secrets.env to vars in wrangler.jsonc, where it can be reviewed.`
      problems.push(error('variable_in_secrets', sentence))
    } else if (!SECRETS.includes(name)) {
      problems.push(error('secret_unknown', `The Worker knows no secret ${name.slice(0, 60)}: ${settingMeant(name)}`))
    }
  }
  if (SANDBOX_KEY.test(values.CATY_API_KEY ?? '')) {
    const sentence = "CATY_API_KEY is the sandbox's: put the key of Caty's dashboard (Settings → API Keys) there."
    problems.push(error('key_of_sandbox', sentence))
  }
  if (values.CATY_API_KEY && values.CATY_API_KEY === values.CATY_API_KEY_NEXT) {
    const sentence = 'CATY_API_KEY_NEXT is the same key as CATY_API_KEY: put the new key there, or take the line out.'
    problems.push(error('key_next_same', sentence))
  }
  return problems
}
