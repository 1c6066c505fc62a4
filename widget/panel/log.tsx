/** The conversation on the screen. */
import { Component, type ComponentChildren, Fragment, h } from 'preact'
import type { Strings } from '../chunk-api/core.ts'
import type { Entry } from './entry.ts'
import type { PanelHost } from './slots.ts'

type Props = {
  host: PanelHost
  parse: (text: string) => ComponentChildren
  strings: Strings
  greeting: string
  name: string
  open: boolean
  /** A part that could not be loaded. */
  lost: boolean
  /** Loads what a message shows beside its text. */
  more: () => void
}

/** Pixels from the end within which the view follows new messages. */
const PINNED_PX = 60

export class Log extends Component<Props, { missed: boolean }> {
  override state = { missed: false }
  #list: HTMLElement | null = null
  #pinned = true
  #shown = ''

  override componentDidMount(): void {
    this.#toEnd()
  }

  override componentDidUpdate(): void {
    const { host, open } = this.props
    const { entries, waiting } = host.conversation
    const now = `${entries.length} ${waiting} ${open}`
    if (now === this.#shown) return
    this.#shown = now
    // Whoever comes back begins at the end.
    this.#pinned ||= !open
    // Somebody who reads further up is not pulled away; he is told that there is more. What he says himself he sees.
    if (this.#pinned || entries.at(-1)?.state) this.#toEnd()
    else this.setState({ missed: true })
  }

  #toEnd(): void {
    this.#list?.scrollTo(0, this.#list.scrollHeight)
  }

  render({ host, parse, strings, greeting, name, lost, more }: Props, { missed }: { missed: boolean }) {
    const { conversation, slots } = host
    const { entries, waiting } = conversation
    const held = entries.findLast(({ state }) => state && state !== 'sending')
    return (
      <div class="m" onPointerOver={more} onFocusIn={more}>
        <div
          ref={(node) => {
            this.#list = node
          }}
          class="g"
          role="log"
          aria-label={strings.log}
          tabIndex={0}
          onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
            this.#pinned = scrollHeight - scrollTop - clientHeight < PINNED_PX
            if (this.#pinned && missed) this.setState({ missed: false })
          }}
        >
          <div class="e assistant" dir="auto">
            {parse(greeting)}
          </div>
          {entries.map((entry, at) => (
            <Fragment key={entry.id}>
              {slots.before?.(entry, entries[at - 1])}
              <div class={`e ${entry.role} ${entry.state}`} part={`bubble ${entry.role}`} dir="auto">
                <span class="v">{entry.role === 'user' ? strings.message : name} </span>
                {entry.role === 'user' ? <p>{entry.text}</p> : parse(entry.text)}
              </div>
              {entry === held && (
                <div class="r" role="status">
                  {strings.failed}. {sentence(entry, strings)}{' '}
                  <button type="button" onClick={() => conversation.retry()}>
                    {strings.retry}
                  </button>
                </div>
              )}
              {slots.after?.(entry)}
              {slots.entry?.(entry)}
              {slots.actions?.(entry)}
            </Fragment>
          ))}
          {slots.end?.()}
          {lost && (
            <div class="r" role="status">
              {strings.partial}
            </div>
          )}
          {waiting && (
            <div class="e assistant t">
              <span class="v">{strings.typing.replace('{name}', name)}</span>
              <i />
              <i />
              <i />
            </div>
          )}
        </div>
        {missed && slots.missed?.(() => this.#toEnd())}
      </div>
    )
  }
}

/** Why it has not been sent, and when it will be tried again. */
function sentence({ fault, until = 0 }: Entry, strings: Strings): string {
  if (!fault) return strings.offline
  if (fault.kind === 'refused' && fault.code === 'maintenance') return strings.maintenance
  return fault.kind === 'refused' || fault.kind === 'session'
    ? strings.unavailable
    : strings[fault.kind].replace('{time}', new Date(until).toLocaleTimeString(strings.code))
}
