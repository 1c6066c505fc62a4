/** The rules chunk. */
import type { Core, PageHandle } from '../launcher/core.ts'

export function start(_core: Core): PageHandle {
  return {
    showBubble: () => undefined,
    hideBubble: () => undefined,
    trackEvent: () => undefined,
    getMetrics: () => null,
    destroy: () => undefined,
  }
}
