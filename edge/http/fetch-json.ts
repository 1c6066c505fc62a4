/** A question to a server that is neither Caty nor ours: the keys of a project, the verdict on a challenge. */
import { parsedJson } from '../base/json.ts'
import type { Platform } from '../base/platform.ts'
import { readBytes } from './body.ts'

export type Question = { timeoutMs: number; cap: number; method?: 'POST'; body?: URLSearchParams }

/** What it says in JSON, in time and in at most `cap` bytes; `undefined` for anything else. Never throws. */
export async function fetchJson(
  fetch: Platform['fetch'],
  url: string,
  { timeoutMs, cap, ...init }: Question,
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
