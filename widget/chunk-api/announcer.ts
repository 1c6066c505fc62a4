/** Tells screen readers what changed beside the conversation. */
import type { Core } from './core.ts'

/** A status beside the conversation. It is there before it has text, or a screen reader would miss the first one. */
export function createAnnouncer({ root }: Core): (text: string) => void {
  const status = document.createElement('span')
  status.className = 'visually-hidden'
  status.setAttribute('role', 'status')
  root.querySelector('[part=panel]')?.append(status)
  return (text) => {
    status.textContent = text
  }
}
