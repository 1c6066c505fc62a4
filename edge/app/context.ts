/** Composition: builds the parts of the edge from the settings, the bindings and the platform, once an isolate. */

import { encodeBase64Url } from '../base/base64url.ts'
import { hmac } from '../base/digest.ts'
import type { Metrics } from '../base/log.ts'
import type { Platform, RateLimiters } from '../base/platform.ts'
import { VERSION } from '../base/version.ts'
import { CatyChat } from '../caty/chat.ts'
import { CatyClient } from '../caty/client.ts'
import { ConfigCache } from '../caty/config-cache.ts'
import { DialectChoice } from '../caty/dialect.ts'
import type { LedgerBinding } from '../ledger/binding.ts'
import type { Settings } from '../settings/index.ts'
import { KeyRing } from '../token/key-ring.ts'
import { ReplayStore } from '../token/replay.ts'
import { type Admin, createAdmin } from './admin.ts'
import { cacheOf, limitersOf, metricsOf } from './inessential.ts'
import { LedgerPermits } from './permits.ts'

/** The bindings of wrangler.toml. */
export type Bindings = { ledger: LedgerBinding; limiters: RateLimiters; metrics: Metrics | undefined }

/** The parts of the edge. Functions take the ones they use (`Pick<Edge, …>`). */
export type Edge = Bindings & {
  settings: Settings
  platform: Platform
  ring: KeyRing
  replays: ReplayStore
  client: CatyClient
  configs: ConfigCache
  chat: CatyChat
  /** Absent when the owner has no dashboards. */
  admin: Admin | undefined
}

/** Builds the parts. */
export function createEdge(settings: Settings, bindings: Bindings, platform: Platform): Edge {
  const client = new CatyClient({
    baseUrl: settings.catyApiUrl,
    widgets: settings.widgets,
    now: platform.now,
    fetch: platform.fetch,
    permits: new LedgerPermits(bindings.ledger, settings.callsPerMinute, platform.now),
  })
  const ring = new KeyRing(settings.tokenSecrets)
  const nameOf = (widget: string) => configName(ring, [VERSION, settings.catyApiUrl, widget])
  const cache = cacheOf(platform.cache, platform.now)
  return {
    ledger: bindings.ledger,
    limiters: limitersOf(bindings.limiters, platform.now),
    metrics: metricsOf(bindings.metrics, platform.now),
    settings,
    platform,
    ring,
    replays: new ReplayStore(),
    client,
    configs: new ConfigCache({ client, now: platform.now, cache, nameOf }),
    chat: new CatyChat(client, new DialectChoice(settings.catyDialect, platform.now)),
    admin: createAdmin(settings, platform),
  }
}

/** A hash keyed by the tenant's secret: tenants of one zone share a cache, and no two of them may share a name in it. */
export async function configName(ring: KeyRing, parts: readonly string[]): Promise<string> {
  const { key } = await ring.signing('config-name')
  return encodeBase64Url(await hmac(key, JSON.stringify(parts)))
}

/** The real platform. Its clock is the time of the last I/O, which is exact enough here. */
export const workerPlatform = (): Platform => ({
  now: () => new Date(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  fetch: (request) => fetch(request),
  cache: typeof caches === 'undefined' ? undefined : caches.default,
})

/** The widget id for a name that a page uses; `undefined` when this Worker has no such widget. */
export function widgetNamed(settings: Settings, name: string): string | undefined {
  const canonical = name === settings.widgetAlias && settings.widgets.has('default') ? 'default' : name
  return settings.widgets.has(canonical) ? canonical : undefined
}
