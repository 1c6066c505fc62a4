/** The products chunk: one card, or a row that scrolls by touch, by its buttons and by the keyboard. */
import { Component, h } from 'preact'
import type { ProductsProps } from '../guide/chunk-props.ts'
import { Card } from './card.tsx'

export { default as css } from './styles.css'

type State = { isAtStart: boolean; isAtEnd: boolean }

export class Products extends Component<ProductsProps, State> {
  override state: State = { isAtStart: true, isAtEnd: false }
  #list: HTMLElement | null = null

  override componentDidMount(): void {
    this.#readPosition()
    const list = this.#list
    const log = list?.closest('[role=log]')
    // The cards came after their message: a visitor who reads the end of the conversation sees them whole.
    if (list && log && log.scrollHeight - log.scrollTop - log.clientHeight < list.offsetHeight + 200)
      log.scrollTop = Math.max(log.scrollTop, list.offsetTop + list.offsetHeight - log.clientHeight + 48)
  }

  #readPosition(): void {
    const { scrollLeft = 0, scrollWidth = 0, clientWidth = 0 } = this.#list ?? {}
    // From right to left `scrollLeft` is negative.
    const position = Math.abs(scrollLeft)
    const [isAtStart, isAtEnd] = [position < 8, position + clientWidth > scrollWidth - 8]
    if (isAtStart !== this.state.isAtStart || isAtEnd !== this.state.isAtEnd) this.setState({ isAtStart, isAtEnd })
  }

  /** 1 is forwards. */
  #scroll(direction: 1 | -1): void {
    const list = this.#list
    if (!list) return
    const sign = getComputedStyle(list).direction === 'rtl' ? -direction : direction
    const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches
    list.scrollBy({ left: sign * list.clientWidth * 0.8, behavior: isReduced ? 'auto' : 'smooth' })
  }

  render({ products, ...rest }: ProductsProps, { isAtStart, isAtEnd }: State) {
    const { strings } = rest
    const arrow = (label: string, disabled: boolean, direction: 1 | -1) => (
      <button
        type="button"
        class="product-arrow"
        aria-label={label}
        aria-disabled={disabled}
        onClick={() => disabled || this.#scroll(direction)}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={direction > 0 ? 'M9 5l7 7-7 7' : 'M15 5l-7 7 7 7'} />
        </svg>
      </button>
    )
    return (
      <section class="products" aria-label={strings.products}>
        <ul
          ref={(node) => {
            this.#list = node
          }}
          class="product-list"
          tabIndex={0}
          aria-label={strings.products}
          onScroll={() => this.#readPosition()}
        >
          {products.map((product) => (
            <Card {...rest} product={product} />
          ))}
        </ul>
        {!(isAtStart && isAtEnd) && (
          <div class="product-arrows">
            {arrow(strings.previous, isAtStart, -1)}
            {arrow(strings.next, isAtEnd, 1)}
          </div>
        )}
      </section>
    )
  }
}
