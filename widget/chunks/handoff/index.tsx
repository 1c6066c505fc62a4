/** The handoff chunk: asks a colleague to join, and offers other ways to reach one. Outside opening hours it says so. */
import { Component, h } from 'preact'
import { linkProps, safeUrl } from '../../panel/url.ts'
import type { HandoffProps } from '../guide/chunk-props.ts'
import { isOpen, opensAt } from './opening-hours.ts'

export { default as css } from './styles.css'

type State = { answer: string; step: 'asking' | 'asked' | 'failed' | 'closed' }

export class Handoff extends Component<HandoffProps, State> {
  override state: State = { answer: '', step: 'asking' }
  #box: HTMLElement | null = null

  override componentDidMount(): void {
    const log = this.#box?.closest('[role=log]')
    if (log) log.scrollTop = log.scrollHeight
    this.#box?.focus()
    void this.#ask()
  }

  async #ask(): Promise<void> {
    const { availability, mayAsk, post, strings } = this.props
    if (availability && !isOpen(availability, new Date())) return this.setState({ step: 'closed' })
    if (!mayAsk) return this.setState({ step: 'asked', answer: '' })
    this.setState({ step: 'asking' })
    try {
      const { message } = await post<{ message?: string }>('/api/widget/handoff/request', { reason: 'user_request' })
      this.setState({ step: 'asked', answer: message ?? strings.handoffAsked })
    } catch {
      this.setState({ step: 'failed' })
    }
  }

  #statusText({ answer, step }: State): string {
    const { strings, offlineMessage, availability } = this.props
    if (step === 'asking') return strings.loading
    if (step === 'failed') return strings.formFailed
    if (step === 'asked') return answer
    const opening = availability && opensAt(availability, new Date())
    const format = { weekday: 'long', hour: '2-digit', minute: '2-digit' } as const
    const time = opening && new Intl.DateTimeFormat(strings.code, format).format(opening)
    return `${offlineMessage ?? strings.handoffClosed}${time ? ` ${strings.back.replace('{time}', time)}` : ''}`
  }

  render({ strings, phone, contactUrl, onWrite, onClose }: HandoffProps, state: State) {
    const contactPage = safeUrl(contactUrl ?? '/contact')
    return (
      <section
        ref={(node) => {
          this.#box = node
        }}
        class="handoff"
        part="handoff"
        tabIndex={-1}
        aria-label={strings.handoffTitle}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onClose()
        }}
      >
        <p class="handoff-title">{strings.handoffTitle}</p>
        <p role="status">
          {this.#statusText(state)}{' '}
          {state.step === 'failed' && (
            <button type="button" class="link-button" onClick={() => this.#ask()}>
              {strings.again}
            </button>
          )}
        </p>
        <div class="actions">
          {phone && <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{strings.call}</a>}
          <button type="button" onClick={onWrite}>
            {strings.writeUs}
          </button>
          {contactPage && (
            <a {...linkProps(contactPage)} href={contactPage}>
              {strings.contactPage}
            </a>
          )}
          <button type="button" onClick={onClose}>
            {strings.dismiss}
          </button>
        </div>
      </section>
    )
  }
}
