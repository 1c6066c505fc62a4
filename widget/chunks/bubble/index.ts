/**
 * The bubble chunk: a short text beside the launcher, which the visitor can answer or dismiss. Plain DOM, because the panel
 * need not be loaded for it.
 */
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { BubbleOptions } from '../../chunk-api/events.ts'
import type { BubbleEnd } from '../../chunk-api/page.ts'
import { addressOf, linkProps } from '../../panel/url.ts'
import css from './styles.css'

/** Long enough to read, short enough not to be in the way. */
const VISIBLE_MS = 20_000
const MAX_ACTIONS = 3
/** The launcher's height and a gap. */
const ABOVE_LAUNCHER_PX = 76

/** Ends the bubble that is on the screen. */
let endCurrent: ((how: BubbleEnd) => void) | undefined

export function hideBubble(): void {
  endCurrent?.('hidden')
}

/** Shows a bubble in place of the present one. `onEnd` is called once, with how the bubble went away. */
export async function showBubble(
  core: Core,
  text: string,
  options: BubbleOptions,
  onEnd: (how: BubbleEnd) => void = () => undefined,
): Promise<void> {
  const { default: strings } = await core.load(`more/${core.language()}`)
  hideBubble()
  core.addStyles(css)
  const bubble = createBubble(core)
  // A screen reader announces changes of a live region, so the region is there before its text.
  const status = element('div', '', { role: 'status' })
  bubble.append(status)

  const end = (how: BubbleEnd) => {
    if (endCurrent !== end) return
    endCurrent = undefined
    countdown.stop()
    core.off('open', hide)
    core.off('destroy', hide)
    bubble.remove()
    onEnd(how)
  }
  const hide = () => end('hidden')
  const dismiss = (byKeyboard: boolean) => {
    end('dismissed')
    core.emit('bubble_dismissed', { messageId: options.messageId })
    // Only a keyboard leaves a focus behind that must go somewhere, and a focused launcher loads the chat.
    if (byKeyboard) core.button.focus()
  }
  const clicked = () => {
    end('clicked')
    core.emit('bubble_clicked', options)
  }
  /** Opens the chat with the bubble's text as its first message. The chat shows the greeting by itself. */
  const openChat = async (action?: SuggestedAction) => {
    clicked()
    const panel = await core.panel()
    if (options.type !== 'greeting') panel.addReply(text, action ? undefined : options.suggestedActions)
    await core.open(true)
    if (action) panel.runAction(action)
  }

  const textButton = element('button', 'bubble-text', { part: 'bubble-text' })
  textButton.onclick = () => void openChat().catch(() => 0)
  const actions = (options.suggestedActions ?? []).slice(0, MAX_ACTIONS).map((action) => {
    const address = addressOf(action, core)
    if (!address) {
      const button = element('button', 'bubble-action', { part: 'bubble-action' })
      // `detail` counts the clicks of a pointer; it is 0 for the keyboard.
      button.onclick = ({ detail }) =>
        action.action === 'dismiss' ? dismiss(detail === 0) : void openChat(action).catch(() => 0)
      button.textContent = action.label
      return button
    }
    const link = element('a', 'bubble-action', { part: 'bubble-action', ...linkProps(address) })
    link.textContent = action.label
    link.onclick = clicked
    return link
  })
  if (actions.length > 0) {
    const row = element('div', 'bubble-actions', {})
    row.append(...actions)
    bubble.append(row)
  }
  if (options.dismissable !== false) {
    const close = element('button', 'bubble-close', { part: 'bubble-close', 'aria-label': strings.dismiss })
    close.textContent = '×'
    close.onclick = ({ detail }) => dismiss(detail === 0)
    bubble.append(close)
  }
  bubble.onkeydown = (event) => {
    if (event.key === 'Escape' && options.dismissable !== false) dismiss(true)
  }

  core.root.append(bubble)
  const countdown = countDown(bubble, () => end('timeout'))
  endCurrent = end
  core.on('open', hide)
  core.on('destroy', hide)
  requestAnimationFrame(() => {
    // Without the marks of Markdown around words.
    textButton.textContent = text.replace(/[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}/g, '$1')
    status.append(textButton)
  })
  core.emit('bubble_shown', { message: text, options })
}

/** The empty bubble, in the launcher's corner. */
function createBubble(core: Core): HTMLElement {
  const { persona, business } = core.config
  const { position, offsetX, offsetY, theme } = core.options()
  const bubble = element('div', `bubble ${theme ?? 'auto'}`, {
    part: 'bubble-popup',
    role: 'region',
    'aria-label': persona?.name ?? business?.name ?? core.button.ariaLabel ?? 'Chat',
  })
  const [side, edge] = [position.endsWith('left') ? 'left' : 'right', position.startsWith('top') ? 'top' : 'bottom']
  bubble.style.setProperty(side, `${Number.parseInt(offsetX, 10)}px`)
  bubble.style.setProperty(edge, `${Number.parseInt(offsetY, 10) + ABOVE_LAUNCHER_PX}px`)
  bubble.lang = core.language()
  bubble.dir = core.language() === 'ar' ? 'rtl' : 'ltr'
  return bubble
}

/** Runs `onEnd` after a while in which the visitor neither points at the bubble nor has the focus in it (WCAG 2.2, 2.2.1). */
function countDown(bubble: HTMLElement, onEnd: () => void): { stop: () => void } {
  let timer = setTimeout(onEnd, VISIBLE_MS)
  const stop = () => clearTimeout(timer)
  const restart = () => {
    stop()
    timer = setTimeout(onEnd, VISIBLE_MS)
  }
  for (const event of ['pointerenter', 'focusin']) bubble.addEventListener(event, stop)
  for (const event of ['pointerleave', 'focusout']) bubble.addEventListener(event, restart)
  return { stop }
}

function element<Name extends 'div' | 'button' | 'a'>(
  name: Name,
  className: string,
  attributes: Record<string, string>,
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className) made.className = className
  if (name === 'button') made.setAttribute('type', 'button')
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  return made
}
