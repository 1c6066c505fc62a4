/** What every command of `npm run tenant` works with. */
import { type Checked, checkTenant } from './check/index.ts'
import { isError, type Problem } from './check/problem.ts'
import { projectConfig } from './config.ts'
import { Stopped } from './mistake.ts'
import type { Tenant, Tenants } from './project.ts'
import type { Terminal } from './terminal.ts'

export type Clock = { now: () => Date; sleep: (ms: number) => Promise<void> }
export type Run = { terminal: Terminal; tenants: Tenants; clock: Clock; dryRun: boolean }

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** A checked tenant that may be uploaded. Throws `Stopped` with every error; warnings are noted and pass. */
export async function soundTenant(run: Run, tenant: Tenant, withoutSecrets: boolean): Promise<SoundTenant> {
  const base = await projectConfig()
  const checked = await checkTenant(tenant, { base, others: await run.tenants.all(), withoutSecrets })
  const errors = checked.problems.filter(isError)
  for (const { sentence } of checked.problems.filter((each) => !isError(each)))
    run.terminal.note(`warning: ${sentence}`)
  if (errors.length > 0 || !checked.config) throw new Stopped('mistake', ...errors.map(({ sentence }) => sentence))
  return { ...checked, config: checked.config }
}
export type SoundTenant = Checked & { config: NonNullable<Checked['config']> }

/** The lines of a check's verdict. */
export const problemLines = (terminal: Terminal, problems: readonly Problem[]): string[] =>
  problems.map((problem) =>
    isError(problem)
      ? `  ${terminal.paint('red', '✗')} ${problem.sentence}`
      : `  ${terminal.paint('yellow', '!')} ${problem.sentence}`,
  )
