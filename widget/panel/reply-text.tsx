/** The text of a reply, parsed again only when it changes. */
import { Component, h } from 'preact'
import type { Markdown } from './markdown.tsx'

type Props = { text: string; markdown: Markdown }

export class ReplyText extends Component<Props> {
  #shown = false

  override shouldComponentUpdate({ text }: Props): boolean {
    return !this.#shown || text !== this.props.text
  }

  render({ text, markdown }: Props) {
    const drawn = markdown.draw(text)
    this.#shown = drawn !== undefined
    return (
      drawn ?? (
        <span class="typing">
          <i />
          <i />
          <i />
        </span>
      )
    )
  }
}
