/** Whether the visitor is writing in a field of the page, and should not be interrupted. */
const FIELD = 'textarea,select,input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio])'

export function isEditing(): boolean {
  const { activeElement } = document
  return activeElement instanceof HTMLElement && (activeElement.isContentEditable || activeElement.matches(FIELD))
}
