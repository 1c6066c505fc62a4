/** The handoff chunk: a person is asked to join, and how else to reach one. Outside of opening hours it says so. */
import { Component, h } from 'preact'
import { linkProps, safeUrl } from '../../panel/url.ts'
import type { HandoffProps } from '../guide/chunk-props.ts'
import { isOpen, opensAt } from './opening-hours.ts'

export const CSS = `.ho{display:grid;gap:8px;padding:16px;border:1px solid var(--line);border-radius:16px;background:var(--bg);flex:none}
.ho .ht{font-weight:600;font-size:16px}.ho .q{padding:0}`

type State = { answer: string; state: 'asking' | 'asked' | 'failed' | 'closed' }

export class Handoff extends Component<HandoffProps, State> {
  override state: State = { answer: '', state: 'asking' }
  #box: HTMLElement | null = null

  override componentDidMount(): void {
    const log = this.#box?.closest('[role=log]')
    if (log) log.scrollTop = log.scrollHeight
    this.#box?.focus()
    void this.#ask()
  }

  async #ask(): Promise<void> {
    const { availability, ask, post } = this.props
    if (availability && !isOpen(availability, new Date())) return this.setState({ state: 'closed' })
    if (!ask) return this.setState({ state: 'asked', answer: '' })
    this.setState({ state: 'asking' })
    try {
      const { message } = await post<{ message?: string }>('/api/widget/handoff/request', { reason: 'user_request' })
      this.setState({ state: 'asked', answer: message ?? this.props.said.handoffAsked })
    } catch {
      this.setState({ state: 'failed' })
    }
  }

  #text({ answer, state }: State): string {
    const { said, offline, availability } = this.props
    if (state === 'asking') return said.loading
    if (state === 'failed') return said.formFailed
    if (state === 'asked') return answer
    const back = availability && opensAt(availability, new Date())
    const time =
      back && new Intl.DateTimeFormat(said.code, { weekday: 'long', hour: '2-digit', minute: '2-digit' }).format(back)
    return `${offline ?? said.handoffClosed}${time ? ` ${said.back.replace('{time}', time)}` : ''}`
  }

  render({ said, phone, contactUrl, write, close }: HandoffProps, state: State) {
    const page = safeUrl(contactUrl ?? '/contact')
    const text = this.#text(state)
    return (
      <section
        ref={(node) => {
          this.#box = node
        }}
        class="ho"
        part="handoff"
        tabIndex={-1}
        aria-label={said.handoffTitle}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          close()
        }}
      >
        <p class="ht">{said.handoffTitle}</p>
        <p role="status">
          {text}{' '}
          {state.state === 'failed' && (
            <button type="button" class="li" onClick={() => this.#ask()}>
              {said.again}
            </button>
          )}
        </p>
        <div class="q">
          {phone && <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{said.call}</a>}
          <button type="button" onClick={write}>
            {said.writeUs}
          </button>
          {page && (
            <a {...linkProps(page)} href={page}>
              {said.contactPage}
            </a>
          )}
          <button type="button" onClick={close}>
            {said.dismiss}
          </button>
        </div>
      </section>
    )
  }
}
