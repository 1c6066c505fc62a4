/** Where the focus is, also inside shadow roots and frames, and whether the visitor is writing there. */
const FIELD = 'textarea,select,input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio])'

/** The element that has the focus. For a closed shadow root or a frame of another site, the element that holds it. */
export function focused(root: DocumentOrShadowRoot = document): Element | null {
  const { activeElement } = root
  const inner =
    activeElement instanceof HTMLIFrameElement ? activeElement.contentDocument : (activeElement?.shadowRoot ?? null)
  return (inner && focused(inner)) ?? activeElement
}

/** Whether the visitor is writing in a field, and should not be interrupted. What cannot be looked into may hold a field. */
export function isEditing(): boolean {
  const element = focused()
  if (!element) return false
  const isClosed = element.localName.includes('-') && !element.shadowRoot
  // An element of a frame is no `HTMLElement` of this window.
  const isEditable = 'isContentEditable' in element && element.isContentEditable === true
  return isClosed || isEditable || element.matches(`${FIELD},iframe,[role=textbox]`)
}

/**
 * Takes the focus from the page's element that has it. A dialog of the page that keeps the focus asks where the focus goes,
 * and takes it back from another element, but not from none.
 */
export function releaseFocus(host: Element): void {
  const { activeElement } = document
  if (activeElement !== host && activeElement instanceof HTMLElement) activeElement.blur()
}
