/** Where the visitor types. Enter sends, Shift+Enter breaks the line, a draft survives a reload. */
import { Component, h } from 'preact'
import type { Store } from '../client/storage.ts'
import type { Strings } from '../launcher/core.ts'
import type { Slots } from './host.ts'

const MAX = 4000
/** The counter shows only where it matters. */
const COUNT_FROM = 3600

type Props = { strings: Strings; send: (text: string) => void; tab: Store; waiting: boolean; tools: Slots['tools'] }
type State = { text: string }

export class Composer extends Component<Props, State> {
  override state: State = { text: String(this.props.tab.get('draft') ?? '') }
  #box: HTMLTextAreaElement | null = null

  override componentDidUpdate(): void {
    this.props.tab.set('draft', this.state.text || undefined)
    const box = this.#box
    if (!box) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight, 120)}px`
  }

  #submit(): void {
    const said = this.state.text.trim()
    if (!said) return
    this.props.send(said)
    this.setState({ text: '' })
    this.#box?.focus()
  }

  render({ strings, waiting, tools }: Props, { text }: State) {
    return (
      <form
        class="c"
        part="composer"
        onSubmit={(event) => {
          event.preventDefault()
          this.#submit()
        }}
      >
        {tools?.()}
        <textarea
          ref={(node) => {
            this.#box = node
          }}
          rows={1}
          maxLength={MAX}
          value={text}
          placeholder={strings.placeholder}
          aria-label={strings.message}
          enterkeyhint="send"
          onInput={(event) => this.setState({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            // While a composed character is being chosen (Japanese, Chinese …) Enter belongs to the input method.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            this.#submit()
          }}
        />
        {text.length > COUNT_FROM && (
          <span class="k" role="status">
            {strings.left.replace('{count}', String(MAX - text.length))}
          </span>
        )}
        <button type="submit" class="s" aria-label={strings.send} disabled={!text.trim()} data-busy={waiting}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 12h14M13 6l6 6-6 6" />
          </svg>
        </button>
      </form>
    )
  }
}
