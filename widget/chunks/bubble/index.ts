/**
 * The bubble chunk: a few words beside the launcher, with a way to answer and a way to be rid of them. Plain DOM; the
 * panel need not be there for it.
 */
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { BubbleEnd, BubbleOptions, Core, MoreModule } from '../../chunk-api/core.ts'
import { addressOf, linkProps } from '../../panel/url.ts'
import { BUBBLE_CSS } from './styles.ts'

/** Long enough to read, short enough not to be in the way. */
const STAYS_MS = 20_000
const MOST_ACTIONS = 3
/** The launcher, and some air. */
const ABOVE_PX = 76

let end: ((how: BubbleEnd) => void) | undefined

/** Takes the bubble away, as if it had never been asked for. */
export function hideBubble(_core: Core): void {
  end?.('hidden')
}

/** Shows a bubble in the place of the one there is. `gone` is told once how it went. */
export async function showBubble(
  core: Core,
  text: string,
  options: BubbleOptions,
  gone: (how: BubbleEnd) => void = () => undefined,
): Promise<void> {
  const { default: words } = await core.load<MoreModule>(`more/${core.language()}`)
  hideBubble(core)
  const { persona, business } = core.config
  const frame = element('div', `pb ${core.options().theme ?? 'auto'}`, {
    part: 'bubble-popup',
    role: 'region',
    'aria-label': persona?.name ?? business?.name ?? core.button.ariaLabel ?? 'Chat',
  })
  const said = element('button', 'pt', { part: 'bubble-text' })
  // A live region speaks of what changes in it, so it is there before its words.
  const live = element('div', '', { role: 'status' })
  frame.append(live)
  const { position, offsetX, offsetY } = core.options()
  frame.style.setProperty(position.endsWith('left') ? 'left' : 'right', `${Number.parseInt(offsetX, 10)}px`)
  frame.style.setProperty(position.startsWith('top') ? 'top' : 'bottom', `${Number.parseInt(offsetY, 10) + ABOVE_PX}px`)
  frame.lang = core.language()
  frame.dir = core.language() === 'ar' ? 'rtl' : 'ltr'
  style(core.root)

  const hide = (how: BubbleEnd) => {
    if (end !== hide) return
    end = undefined
    clearTimeout(timer)
    core.off('open', opened)
    core.off('destroy', destroyed)
    frame.remove()
    gone(how)
  }
  const opened = () => hide('hidden')
  const destroyed = () => hide('hidden')
  const dismiss = (byKeyboard: boolean) => {
    hide('dismissed')
    core.emit('bubble_dismissed', { messageId: options.messageId })
    // A pointer leaves no focus behind that had to go somewhere, and the launcher's focus would load the chat.
    if (byKeyboard) core.button.focus()
  }
  /** Its words become the first of the conversation, except the greeting, which the chat shows in any case. */
  const click = async (action?: SuggestedAction) => {
    hide('clicked')
    core.emit('bubble_clicked', options)
    const panel = await core.panel()
    if (options.type !== 'greeting') panel.say(text, action ? undefined : options.suggestedActions)
    await core.open()
    if (action) panel.act(action)
  }

  said.onclick = () => void click().catch(() => 0)
  const actions = (options.suggestedActions ?? []).slice(0, MOST_ACTIONS).map((action) => {
    const address = addressOf(action, core)
    if (!address) {
      const button = element('button', 'pa', { part: 'bubble-action' })
      button.onclick = ({ detail }) =>
        action.action === 'dismiss' ? dismiss(detail === 0) : void click(action).catch(() => 0)
      button.textContent = action.label
      return button
    }
    const link = element('a', 'pa', { part: 'bubble-action', ...linkProps(address) })
    link.textContent = action.label
    link.onclick = () => {
      hide('clicked')
      core.emit('bubble_clicked', options)
    }
    return link
  })
  if (actions.length > 0) {
    const row = element('div', 'pr', {})
    row.append(...actions)
    frame.append(row)
  }
  if (options.dismissable !== false) {
    const close = element('button', 'px', { part: 'bubble-close', 'aria-label': words.dismiss })
    close.textContent = '×'
    close.onclick = ({ detail }) => dismiss(detail === 0)
    frame.append(close)
  }
  frame.onkeydown = (event) => {
    if (event.key === 'Escape' && options.dismissable !== false) dismiss(true)
  }

  core.root.append(frame)
  let timer = setTimeout(() => hide('timeout'), STAYS_MS)
  // Who reads or reaches for it has all the time he needs (WCAG 2.2, 2.2.1).
  const stay = () => clearTimeout(timer)
  const count = () => {
    clearTimeout(timer)
    timer = setTimeout(() => hide('timeout'), STAYS_MS)
  }
  for (const [come, go] of [
    ['pointerenter', 'pointerleave'],
    ['focusin', 'focusout'],
  ] as const) {
    frame.addEventListener(come, stay)
    frame.addEventListener(go, count)
  }
  end = hide
  core.on('open', opened)
  core.on('destroy', destroyed)
  requestAnimationFrame(() => {
    said.textContent = text.replace(/[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}/g, '$1')
    live.append(said)
  })
  core.emit('bubble_shown', { message: text, options })
}

function element<Name extends 'div' | 'button' | 'span' | 'a'>(
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

const styled = new WeakSet<ShadowRoot>()
function style(root: ShadowRoot): void {
  if (styled.has(root)) return
  styled.add(root)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(BUBBLE_CSS)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
