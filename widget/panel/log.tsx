/** The conversation on the screen. */
import { Component, Fragment, h } from 'preact'
import type { Strings } from '../chunk-api/strings.ts'
import type { CallFault } from '../client/errors.ts'
import type { Entry } from './entry.ts'
import type { Markdown } from './markdown.tsx'
import { ReplyText } from './reply-text.tsx'
import type { PanelHost } from './slots.ts'

type Props = {
  host: PanelHost
  markdown: Markdown
  strings: Strings
  greeting: string
  name: string
  open: boolean
  /** A part of the chat could not be loaded. */
  chunkFailed: boolean
  /** Loads the chunk that draws time and buttons of a message. */
  loadDetails: () => void
}

/** Pixels from the end within which the view follows new messages. */
const FOLLOW_PX = 60

/** `missed`: there are new messages out of sight. */
export class Log extends Component<Props, { missed: boolean }> {
  override state = { missed: false }
  #list: HTMLElement | null = null
  #isAtEnd = true
  /** What the last update showed. */
  #shown = ''

  override componentDidMount(): void {
    this.#scrollToEnd()
  }

  override componentDidUpdate(): void {
    const { host, open } = this.props
    const { entries, waiting } = host.conversation
    const now = `${entries.length} ${waiting} ${open}`
    if (now === this.#shown) return
    this.#shown = now
    // A chat that is opened again starts at the end.
    this.#isAtEnd ||= !open
    // A visitor who reads earlier messages is not moved away from them, except by a message of their own.
    if (this.#isAtEnd || entries.at(-1)?.state) this.#scrollToEnd()
    else this.setState({ missed: true })
  }

  #scrollToEnd(): void {
    this.#list?.scrollTo(0, this.#list.scrollHeight)
  }

  render(
    { host, markdown, strings, greeting, name, chunkFailed, loadDetails }: Props,
    { missed }: { missed: boolean },
  ) {
    const { conversation, slots } = host
    const { entries, waiting } = conversation
    const undelivered = entries.findLast(({ state }) => state && state !== 'sending')
    return (
      <div class="conversation" onPointerOver={loadDetails} onFocusIn={loadDetails}>
        <div
          ref={(node) => {
            this.#list = node
          }}
          class="log"
          role="log"
          aria-label={strings.log}
          tabIndex={0}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            this.#isAtEnd = scrollHeight - scrollTop - clientHeight < FOLLOW_PX
            if (this.#isAtEnd && missed) this.setState({ missed: false })
          }}
        >
          <div class="message assistant">
            <ReplyText {...{ markdown, text: greeting }} />
          </div>
          {entries.map((entry, at) => (
            <Fragment key={entry.id}>
              {slots.dayTitle?.(entry, entries[at - 1])}
              <div class={`message ${entry.role} ${entry.state}`} part={`bubble ${entry.role}`}>
                <span class="visually-hidden">{entry.role === 'user' ? strings.message : name} </span>
                {entry.role === 'user' ? (
                  <p dir="auto">{entry.text}</p>
                ) : (
                  <ReplyText {...{ markdown, text: entry.text }} />
                )}
              </div>
              {entry === undelivered && (
                <div class="notice" role="status">
                  {failureText(entry, strings)}{' '}
                  <button type="button" onClick={() => conversation.retry()}>
                    {strings.retry}
                  </button>
                </div>
              )}
              {slots.messageDetails?.(entry)}
              {slots.attachments?.(entry)}
              {slots.actions?.(entry)}
            </Fragment>
          ))}
          {slots.logEnd?.()}
          {chunkFailed && (
            <div class="notice" role="status">
              {strings.partial}
            </div>
          )}
          {waiting && (
            <div class="message assistant typing">
              <span class="visually-hidden">{strings.typing.replace('{name}', name)}</span>
              <i />
              <i />
              <i />
            </div>
          )}
        </div>
        {missed && slots.newMessages?.(() => this.#scrollToEnd())}
      </div>
    )
  }
}

/** Why the message has not been sent, and when it will be tried again. */
function failureText({ fault, retryAt = 0 }: Entry, strings: Strings): string {
  if (fault?.kind === 'unsure') return strings.unsure
  return `${strings.failed}. ${reasonText(fault, retryAt, strings)}`
}

function reasonText(fault: CallFault | undefined, retryAt: number, strings: Strings): string {
  if (!fault) return strings.offline
  if (fault.kind === 'refused' && fault.code === 'maintenance') return strings.maintenance
  return fault.kind === 'refused' || fault.kind === 'session' || fault.kind === 'unsure'
    ? strings.unavailable
    : strings[fault.kind].replace('{time}', new Date(retryAt).toLocaleTimeString(strings.code))
}
