/** The settings of the Admin API. An owner who does not use it sets none of them, and nothing of it is there. */

import type { SettingProblem } from '../base/reason.ts'
import { Secret } from '../base/secret.ts'
import { type OriginRule, parseOriginRules } from '../http/origin.ts'

export type AdminSettings = {
  /** The Supabase project; its tokens come from `<url>/auth/v1`. */
  supabaseUrl: string
  /** For projects that still sign with a shared secret (HS256). Each of them counts, so that it can be changed. */
  jwtSecrets: readonly Secret[]
  /** Origins of dashboards; the pages of the widget are none. */
  origins: readonly OriginRule[]
  /** Asked for in `app_metadata`; absent when every user of the project may in. */
  role: string | undefined
}
/** Off: each admin call says which setting is missing, and the widget works without it. */
export type AdminChoice = { on: true; settings: AdminSettings } | { on: false; missing: SettingProblem }

/** As much of the reader of settings as is used here. */
type Reader = {
  text: (setting: string) => string | undefined
  baseUrl: (setting: string) => string | undefined
  refuse: (setting: string, why: string) => void
}

/** RFC 7518 section 3.2: a key for HS256 has at least the 256 bits of its hash. */
const SECRET_CHARS = 32
const ROLE = /^[\w:.-]{1,60}$/

/** A setting that is wrong is refused like any other; one that is missing only switches the Admin API off. */
export function readAdmin(read: Reader): AdminChoice {
  const supabaseUrl = read.baseUrl('SUPABASE_URL')
  const jwtSecrets = ['SUPABASE_JWT_SECRET', 'SUPABASE_JWT_SECRET_NEXT'].flatMap((setting) => {
    const secret = read.text(setting)
    if (secret !== undefined && secret.length < SECRET_CHARS)
      read.refuse(setting, `must be the JWT secret of the project, at least ${SECRET_CHARS} characters`)
    return secret === undefined ? [] : [new Secret(secret)]
  })
  const role = read.text('ADMIN_ROLE')
  if (role !== undefined && !ROLE.test(role))
    read.refuse('ADMIN_ROLE', 'must be one role as it stands in app_metadata: letters, digits, _, -, : and .')
  const listed = read.text('ADMIN_ORIGINS')
  const parsed = listed === undefined ? { rules: [], problems: [] } : parseOriginRules(listed)
  for (const why of parsed.problems) read.refuse('ADMIN_ORIGINS', why)
  if (supabaseUrl === undefined)
    return missing('SUPABASE_URL', 'is missing, so the Admin API is off: set it to https://<project>.supabase.co')
  if (listed === undefined)
    return missing('ADMIN_ORIGINS', 'is missing, so the Admin API is off: list the origins of your dashboards')
  return { on: true, settings: { supabaseUrl, jwtSecrets, origins: parsed.rules, role } }
}

const missing = (setting: string, why: string): AdminChoice => ({ on: false, missing: { setting, why } })
