/** The products chunk: one card, or a row of them that scrolls by touch, by its buttons and by the keyboard. */
import { Component, h } from 'preact'
import type { ProductsProps } from '../guide/chunk-props.ts'
import { Card } from './card.tsx'

export { PRODUCTS_CSS as CSS } from './styles.ts'

type State = { start: boolean; end: boolean }

export class Products extends Component<ProductsProps, State> {
  override state: State = { start: true, end: false }
  #list: HTMLElement | null = null

  override componentDidMount(): void {
    this.#look()
    const list = this.#list
    const log = list?.closest('[role=log]')
    // The cards came after the message: whoever reads at the end sees them whole.
    if (list && log && log.scrollHeight - log.scrollTop - log.clientHeight < list.offsetHeight + 200)
      log.scrollTop = Math.max(log.scrollTop, list.offsetTop + list.offsetHeight - log.clientHeight + 48)
  }

  /** Right to left, `scrollLeft` counts down from zero. */
  #look(): void {
    const { scrollLeft = 0, scrollWidth = 0, clientWidth = 0 } = this.#list ?? {}
    const at = Math.abs(scrollLeft)
    const [start, end] = [at < 8, at + clientWidth > scrollWidth - 8]
    if (start !== this.state.start || end !== this.state.end) this.setState({ start, end })
  }

  #scroll(by: 1 | -1): void {
    const list = this.#list
    if (!list) return
    const towards = getComputedStyle(list).direction === 'rtl' ? -by : by
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    list.scrollBy({ left: towards * list.clientWidth * 0.8, behavior: still ? 'auto' : 'smooth' })
  }

  render({ products, ...rest }: ProductsProps, { start, end }: State) {
    const { said } = rest
    const arrow = (label: string, off: boolean, by: 1 | -1) => (
      <button type="button" class="px" aria-label={label} aria-disabled={off} onClick={() => off || this.#scroll(by)}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={by > 0 ? 'M9 5l7 7-7 7' : 'M15 5l-7 7 7 7'} />
        </svg>
      </button>
    )
    return (
      <section class="ps" aria-label={said.products}>
        <ul
          ref={(node) => {
            this.#list = node
          }}
          class="pl"
          tabIndex={0}
          aria-label={said.products}
          onScroll={() => this.#look()}
        >
          {products.map((product) => (
            <Card {...rest} product={product} />
          ))}
        </ul>
        {!(start && end) && (
          <div class="pr">
            {arrow(said.previous, start, -1)}
            {arrow(said.next, end, 1)}
          </div>
        )}
      </section>
    )
  }
}
