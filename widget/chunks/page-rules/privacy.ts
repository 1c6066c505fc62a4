/** What may be learned from a visitor, and what may be kept. Asked anew each time: consent comes and goes while a page lives. */
import type { Core } from '../../chunk-api/core.ts'

/** Global Privacy Control, and its older sister. Either is a word of the visitor that no setting of the owner outweighs. */
export function objects(): boolean {
  const { globalPrivacyControl, doNotTrack }: { globalPrivacyControl?: boolean; doNotTrack?: string | null } = navigator
  return globalPrivacyControl === true || doNotTrack === '1' || doNotTrack === 'yes'
}

/** Whether behaviour may be watched and told: by the owner's setting, the visitor's consent and the browser's signals. */
export function mayObserve(core: Core): boolean {
  const { consent } = core.options()
  if (objects() || !core.config.behavior?.proactive?.enabled) return false
  return consent === undefined || consent === 'granted' || (consent === 'required' && core.spoke)
}

/** Whether visits and dismissed bubbles may be remembered beyond this page. Only a stated consent allows that. */
export const mayRemember = (core: Core): boolean => core.options().consent === 'granted' && !objects()

/** Elements that nothing is read from: what the owner marked, passwords, and what looks like a means of payment. */
const PRIVATE =
  '[data-caty-ignore],[type=password],[autocomplete^=cc-],[autocomplete*=password],[autocomplete=one-time-code]'
const PAYMENT = /card|cvc|cvv|iban|ccnum|account|passw|ssn/i

export function isPrivate(element: Element): boolean {
  if (element.closest(PRIVATE)) return true
  return 'name' in element && PAYMENT.test(`${element.name} ${element.id}`)
}
