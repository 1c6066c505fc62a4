/** What only the Admin API needs. */
import type { Platform } from '../base/platform.ts'
import { CatyClient } from '../caty/client.ts'
import type { AdminSettings, Settings } from '../settings/index.ts'
import { KeySet } from '../supabase/jwks.ts'

export type Admin = { settings: AdminSettings; keys: KeySet; client: CatyClient }

/** The parts of the Admin API; `undefined` when the owner has no dashboards. */
export function createAdmin({ admin, catyApiUrl, widgets }: Settings, { now, fetch }: Platform): Admin | undefined {
  if (!admin.on) return undefined
  return {
    settings: admin.settings,
    keys: new KeySet({ url: `${admin.settings.supabaseUrl}/auth/v1/.well-known/jwks.json`, now, fetch }),
    // A client of its own, because its breaker is not that of visitors. It sends no key and cuts each one out of answers.
    client: new CatyClient({ baseUrl: catyApiUrl, widgets, now, fetch }),
  }
}
