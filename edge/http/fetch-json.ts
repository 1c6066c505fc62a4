/** Fetches JSON from other servers than Caty: the keys of a Supabase project, the verdict on a challenge. */
import { parsedJson } from '../base/json.ts'
import type { Platform } from '../base/platform.ts'
import { readBytes } from './body.ts'

/** `cap` in bytes. */
export type FetchJsonOptions = { timeoutMs: number; cap: number; method?: 'POST'; body?: URLSearchParams }

/** The parsed answer; `undefined` for an error, a redirect, a timeout, more than `cap` bytes or no JSON. Never throws. */
export async function fetchJson(
  fetch: Platform['fetch'],
  url: string,
  { timeoutMs, cap, ...init }: FetchJsonOptions,
): Promise<unknown> {
  try {
    const response = await fetch(
      new Request(url, {
        headers: { Accept: 'application/json' },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...init,
      }),
    )
    if (response.ok) return parsedJson(new TextDecoder().decode(await readBytes(response.body, cap)))
    await response.body?.cancel()
  } catch {}
  return undefined
}
