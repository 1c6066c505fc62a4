/** Settings that mean nothing without another one: the Worker would run, and quietly leave something out. */
import type { SecretValues } from '../secrets-file.ts'
import { error, type Problem } from './problem.ts'

/** `secrets` is absent when the deployed ones are to stay and nobody here can see them. */
export function pairProblems(vars: Record<string, unknown>, secrets: SecretValues | undefined): Problem[] {
  const has = (name: string): boolean => Boolean(vars[name])
  const lacks = (name: string): boolean => secrets !== undefined && !secrets[name]
  const problems: Problem[] = []
  const add = (code: string, sentence: string): number => problems.push(error(code, sentence))
  if (has('WIDGET_ID') && lacks('CATY_API_KEY') && secrets?.CATY_API_KEYS) {
    add(
      'widget_without_key',
      'WIDGET_ID is another name for the widget of CATY_API_KEY, which is not set: set that key, or take WIDGET_ID out.',
    )
  }
  if (has('SUPABASE_URL') && !has('ADMIN_ORIGINS')) {
    add(
      'admin_half',
      'ADMIN_ORIGINS is missing, so the Admin API stays off: list the origins of your dashboards, or take SUPABASE_URL out.',
    )
  }
  if (has('ADMIN_ORIGINS') && !has('SUPABASE_URL')) {
    add(
      'admin_half',
      'SUPABASE_URL is missing, so the Admin API stays off: set it to https://<project>.supabase.co, or take ADMIN_ORIGINS out.',
    )
  }
  if (has('WEBHOOK_TARGET_URL') && lacks('CATY_WEBHOOK_SECRETS')) {
    add(
      'webhooks_half',
      "CATY_WEBHOOK_SECRETS is missing, so nothing comes in for WEBHOOK_TARGET_URL: put the signing secret of Caty's dashboard into secrets.env.",
    )
  }
  return problems
}
