/**
 * The details chunk: what a message shows beside its text, loaded when the visitor reaches into the conversation. The day,
 * the time, copy and thumbs, and the button that leads to new messages.
 */
import { h } from 'preact'
import { createAnnouncer } from '../../chunk-api/announcer.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { Entry } from '../../panel/entry.ts'
import type { PanelHost } from '../../panel/slots.ts'
import { IconButton } from './icon-button.tsx'
import css from './styles.css'
import { Thumbs } from './thumbs.tsx'
import { dayTitle, fullTime, relativeTime } from './time.ts'

/** Relative times change every minute. */
const REDRAW_MS = 60_000
const COPIED_MS = 2000

/** Takes its slots, and draws once its strings are there. */
export async function addDetails(host: PanelHost): Promise<void> {
  const { core, conversation, slots, draw } = host
  const { code } = host.strings()
  const { default: strings } = await core.load(`more/${code}`)
  core.addStyles(css)
  const announce = createAnnouncer(core)
  let copiedId = ''
  let copies = 0
  const copy = async ({ id, text }: Entry) => {
    await navigator.clipboard.writeText(text)
    copiedId = id
    announce(strings.copied)
    draw()
    const ours = ++copies
    setTimeout(() => {
      if (ours !== copies) return
      copiedId = ''
      announce('')
      draw()
    }, COPIED_MS)
  }

  slots.dayTitle = (entry, previous) => {
    const title = dayTitle(entry.at, previous?.at, code)
    return title && <div class="day">{title}</div>
  }
  // The conversation is a live region: without `off` it would read out every minute that passes.
  slots.messageDetails = (entry) =>
    !entry.state && (
      <div class={`meta ${entry.role === 'user' ? 'own' : ''}`} aria-live="off">
        <time dateTime={new Date(entry.at).toISOString()} title={fullTime(entry.at, code)}>
          {relativeTime(entry.at, code)}
        </time>
        {'clipboard' in navigator && (
          <IconButton
            name={copiedId === entry.id ? strings.copied : strings.copy}
            // If the page may not write to the clipboard, the button stays as it was.
            run={() => void copy(entry).catch(() => undefined)}
            path={copiedId === entry.id ? 'M5 13l4 4L19 7' : 'M9 9h10v11H9zM15 9V4H5v11h4'}
          />
        )}
        {entry.role === 'assistant' && mayReport(core) && <Thumbs {...{ host, strings, entry }} />}
      </div>
    )
  slots.newMessages = (scrollToEnd) => (
    <button
      type="button"
      class="new-messages"
      onClick={() => {
        scrollToEnd()
        // The button disappears, and the focus must not disappear with it.
        core.root.querySelector<HTMLElement>('.log')?.focus()
      }}
    >
      {strings.newMessages} ↓
    </button>
  )
  const redraw = setInterval(() => core.isOpen && conversation.entries.length && draw(), REDRAW_MS)
  slots.onDestroy = () => {
    clearInterval(redraw)
  }
  draw()
}

/** Feedback goes out by the call that reports behaviour, so it is offered only where that call may be made. */
function mayReport(core: Core): boolean {
  const { consent } = core.options()
  return consent !== 'denied' && (consent !== 'required' || core.hasSentMessage)
}
