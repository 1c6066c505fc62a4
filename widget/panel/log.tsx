/** The conversation on the screen. */
import { Component, type ComponentChildren, Fragment, h } from 'preact'
import type { CallFault } from '../client/errors.ts'
import type { Strings } from '../launcher/core.ts'
import { Actions } from './actions.tsx'
import type { Entry } from './conversation.ts'
import type { Guide, PanelHost } from './host.ts'

type Props = {
  host: PanelHost
  parse: (text: string) => ComponentChildren
  strings: Strings
  guide: () => Promise<Guide>
  greeting: string
  name: string
  open: boolean
  send: (text: string) => void
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
    const {
      host: { conversation },
      open,
    } = this.props
    const now = `${conversation.entries.length} ${conversation.waiting} ${open}`
    if (now === this.#shown) return
    this.#shown = now
    // Somebody who reads further up is not pulled away; he is told that there is more.
    if (this.#pinned) this.#toEnd()
    else this.setState({ missed: true })
  }

  #toEnd(): void {
    this.#list?.scrollTo(0, this.#list.scrollHeight)
  }

  render({ host, parse, strings, guide, greeting, name, send }: Props, { missed }: { missed: boolean }) {
    const { entries, waiting } = host.conversation
    return (
      <div class="m">
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
            if (this.#pinned) this.setState({ missed: false })
          }}
        >
          <div class="e i">{parse(greeting)}</div>
          {entries.map((entry) => (
            <Bubble key={entry.id} {...{ host, parse, strings, guide, entry, send }} />
          ))}
          {host.slots.end?.()}
          {waiting && (
            <div class="e i t">
              <span class="v">{strings.typing.replace('{name}', name)}</span>
              <i />
              <i />
              <i />
            </div>
          )}
        </div>
        {missed && (
          <button
            type="button"
            class="j"
            onClick={() => {
              this.#toEnd()
              this.setState({ missed: false })
            }}
          >
            {strings.newMessages}
          </button>
        )}
      </div>
    )
  }
}

type BubbleProps = Pick<Props, 'host' | 'parse' | 'strings' | 'guide' | 'send'> & { entry: Entry }

function Bubble({ host, parse, strings, guide, entry, send }: BubbleProps) {
  const { role, text, state, fault, at, actions } = entry
  const time = new Date(at)
  return (
    <>
      <div class={`e ${role === 'user' ? 'u' : 'i'}`} part={`bubble ${role}`} title={time.toLocaleString(strings.code)}>
        {role === 'user' ? <p class="p">{text}</p> : parse(text)}
      </div>
      {state && state !== 'sending' && (
        <div class="r" role="status">
          {strings.failed}. {fault ? sentence(fault, strings) : strings.offline}{' '}
          <button type="button" onClick={() => host.conversation.retry()}>
            {strings.retry}
          </button>
        </div>
      )}
      {host.slots.entry?.(entry)}
      {actions && actions.length > 0 && <Actions {...{ core: host.core, strings, guide, actions, send }} />}
    </>
  )
}

function sentence(fault: CallFault, strings: Strings): string {
  if (fault.kind === 'refused') return fault.code === 'maintenance' ? strings.maintenance : strings.unavailable
  return fault.kind === 'session' ? strings.unavailable : strings[fault.kind]
}
