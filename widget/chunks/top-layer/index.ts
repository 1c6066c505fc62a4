/**
 * The top-layer chunk: keeps the widget usable while the page shows a modal dialog, which makes everything outside it inert. The
 * widget moves into the topmost one, and as a popover is neither moved nor clipped by it. It loads with the first such dialog,
 * and on pages whose `<html>` is transformed, where only the top layer is fixed to the window.
 */
import type { Core } from '../../chunk-api/core.ts'
import { isFixedToPage } from '../../chunk-api/fixed.ts'

/** Goes into and out of the page's modal dialogs until the widget is destroyed. `shown`: the one that was just shown. */
export function follow(core: Core, shown?: EventTarget): void {
  const { host } = core.root
  // An inline chat is a part of the page, and as inert as that.
  if (core.options().layout === 'inline' || !(host instanceof HTMLElement)) return
  /** In the order in which they were shown. */
  let modals = [...document.querySelectorAll<HTMLElement>('dialog:modal')]
  const changes = new MutationObserver(() => place())
  const ending = new AbortController()
  const { signal } = ending
  /** The part of the chat that lost the focus in this task, as it does when the page closes the dialog. */
  let lost: EventTarget | null = null
  /** How far each part is scrolled. A closed dialog, and most engines' moves, forget it. */
  const scrolled = new Map<Element, number>()
  const noteScroll = (node: EventTarget | null) => {
    if (node instanceof Element && node.clientHeight) scrolled.set(node, node.scrollTop)
  }

  const place = () => {
    modals = modals.filter((dialog) => dialog.isConnected && dialog.matches(':modal'))
    const top = modals.at(-1)
    const parent: HTMLElement = top ?? document.documentElement
    changes.disconnect()
    const isMoved = host.parentNode !== parent
    const { activeElement } = core.root
    if (isMoved) move(host, parent)
    showOnTop(host, isMoved, top !== undefined || isFixedToPage())
    if (isMoved) {
      for (const [node, scrollTop] of scrolled) node.scrollTop = scrollTop
      const focused = activeElement ?? lost
      if (focused instanceof HTMLElement) focused.focus()
    }
    for (const dialog of modals) {
      changes.observe(dialog, { attributeFilter: ['open'] })
      // A framework may remove the dialog, or what is in it.
      for (const root of rootsOf(dialog)) changes.observe(root, { childList: true, subtree: true })
    }
  }
  const add = (node: EventTarget) => {
    if (isModal(node)) modals = [...modals.filter((dialog) => dialog !== node), node]
  }
  const onFocus = (event: Event) => {
    const focusedModal = event.composedPath().find(isModal)
    if (!focusedModal || focusedModal === modals.at(-1)) return
    add(focusedModal)
    place()
  }
  const onFocusOut = ({ target }: Event) => {
    lost = target
    setTimeout(() => {
      lost = null
    })
  }
  const end = () => {
    ending.abort()
    changes.disconnect()
    host.removeAttribute('popover')
    core.off('destroy', end)
  }
  // A dialog that is shown takes the focus; the event also leaves the shadow roots of the page.
  addEventListener('focusin', onFocus, { capture: true, signal })
  core.root.addEventListener('focusout', onFocusOut, { signal })
  core.root.addEventListener('scroll', ({ target }) => noteScroll(target), { capture: true, signal })
  for (const node of core.root.querySelectorAll('*')) if (node.scrollTop) noteScroll(node)
  core.on('destroy', end)
  if (shown) add(shown)
  place()
}

const isModal = (node: EventTarget): node is HTMLElement => node instanceof HTMLElement && node.matches('dialog:modal')

/** The shadow roots that hold the node, from the inside out, and the document. */
function rootsOf(node: Node): Node[] {
  const root = node.getRootNode()
  return root instanceof ShadowRoot ? [root, ...rootsOf(root.host)] : [root]
}

/** Moves the widget with what is in it. */
function move(host: Element, parent: Element): void {
  if ('moveBefore' in parent && host.isConnected) parent.moveBefore(host, null)
  else parent.append(host)
}

/** What is shown last is above the rest of the top layer. */
function showOnTop(host: HTMLElement, isMoved: boolean, isWanted: boolean): void {
  if (!isWanted) {
    host.removeAttribute('popover')
    return
  }
  host.popover = 'manual'
  if (isMoved && host.matches(':popover-open')) host.hidePopover()
  if (!host.matches(':popover-open')) host.showPopover()
}
