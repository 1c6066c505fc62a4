/** What the Admin API needs beside the rest of the edge. */
import type { Platform } from '../base/platform.ts'
import { CatyClient } from '../caty/client.ts'
import type { AdminSettings, Settings } from '../settings/index.ts'
import { KeySet } from '../supabase/jwks.ts'

export type Admin = { settings: AdminSettings; keys: KeySet; client: CatyClient }

/** `undefined` when the owner has no dashboards. */
export function createAdmin({ admin, catyApiUrl }: Settings, { now, fetch }: Platform): Admin | undefined {
  if (!admin.on) return undefined
  return {
    settings: admin.settings,
    keys: new KeySet({ url: `${admin.settings.supabaseUrl}/auth/v1/.well-known/jwks.json`, now, fetch }),
    // A client of its own, which has no key to send, and whose breaker a failing report cannot open for visitors.
    client: new CatyClient({ baseUrl: catyApiUrl, widgets: new Map(), now, fetch }),
  }
}
