/** What may be observed of a visitor, and what may be stored. Asked each time, because consent changes while a page is open. */
import type { Core } from '../../chunk-api/core.ts'

/** Global Privacy Control or Do Not Track: an objection of the visitor that no setting of the owner overrides. */
export function visitorObjects(): boolean {
  const { globalPrivacyControl, doNotTrack }: { globalPrivacyControl?: boolean; doNotTrack?: string | null } = navigator
  return globalPrivacyControl === true || doNotTrack === '1' || doNotTrack === 'yes'
}

/** Whether behaviour may be observed and reported, by the owner's setting, the visitor's consent and the browser's signals. */
export function mayObserve(core: Core): boolean {
  const { consent } = core.options()
  if (visitorObjects() || !core.config.behavior?.proactive?.enabled) return false
  return consent === undefined || consent === 'granted' || (consent === 'required' && core.hasSentMessage)
}

/** Whether visits and dismissed bubbles may be stored. Only a stated consent allows that. */
export const mayRemember = (core: Core): boolean => core.options().consent === 'granted' && !visitorObjects()

/** Elements that nothing is read from: those that the owner marked, and passwords. */
const PRIVATE =
  '[data-caty-ignore],[type=password],[autocomplete^=cc-],[autocomplete*=password],[autocomplete=one-time-code]'
/** Names of fields for a means of payment, or for a password. */
const PAYMENT = /card|cvc|cvv|iban|ccnum|account|passw|ssn/i

/** Whether nothing may be read from the element. */
export function isPrivate(element: Element): boolean {
  if (element.closest(PRIVATE)) return true
  return 'name' in element && PAYMENT.test(`${element.name} ${element.id}`)
}
