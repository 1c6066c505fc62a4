/** One product, and what can be done with it. */
import { Component, Fragment, h } from 'preact'
import type { Product } from '../../../edge/contract/edge.ts'
import { linkProps, safeUrl } from '../../panel/url.ts'
import type { ProductsProps } from '../guide/chunk-props.ts'
import { detailOf, imageUrl, isReduced, isService, priceText, ratingText } from './format.ts'

type Props = Omit<ProductsProps, 'products'> & { product: Product }

const BADGES = 3

export class Card extends Component<Props, { broken: boolean }> {
  override state = { broken: false }

  render({ product, said, send, offer }: Props, { broken }: { broken: boolean }) {
    const { name, description, price, original_price, currency, image_url, url, rating, in_stock, badges } = product
    const picture = broken ? undefined : imageUrl(image_url)
    const href = url && safeUrl(url)
    const web = href?.startsWith('http') ? href : undefined
    const reduced = isReduced(product)
    const told = [...(reduced && !badges?.length ? [said.sale] : []), ...(badges ?? [])].slice(0, BADGES)
    return (
      <li class="pc" part="product">
        <div class="pi">
          {picture ? (
            <img
              src={picture}
              alt={name}
              width={200}
              height={150}
              loading="lazy"
              decoding="async"
              onError={() => this.setState({ broken: true })}
            />
          ) : (
            <span aria-hidden="true">{[...name][0]}</span>
          )}
          {told.length > 0 && (
            <p class="pb">
              {told.map((badge) => (
                <span>{badge}</span>
              ))}
            </p>
          )}
        </div>
        <p class="pn" dir="auto">
          {name}
        </p>
        {description && (
          <p class="pd" dir="auto">
            {description}
          </p>
        )}
        {rating !== undefined && (
          <p class="ra" role="img" aria-label={said.rated.replace('{count}', ratingText(rating, said.code))}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6L12 17l-5.4 3 1.2-6-4.5-4.2 6.1-.7z" />
            </svg>
            {ratingText(rating, said.code)}
          </p>
        )}
        {price !== undefined && (
          <p class="pp">
            <span>{priceText(price, currency, said.code)}</span>
            {reduced && (
              <s>
                <span class="v">{said.was} </span>
                {priceText(original_price, currency, said.code)}
              </s>
            )}
          </p>
        )}
        {in_stock === false && <p class="pd">{said.soldOut}</p>}
        <div class="pa">
          {isService(product) ? (
            <button
              type="button"
              class="go"
              onClick={() => {
                tell('caty:requestOffer', product)
                offer(product)
              }}
            >
              {said.offer}
            </button>
          ) : (
            <>
              {web && (
                <a
                  {...linkProps(web)}
                  href={web}
                  aria-label={`${said.view}: ${name}`}
                  onClick={(event) => tell('caty:productView', product) || event.preventDefault()}
                >
                  {said.view}
                </a>
              )}
              {in_stock !== false && (
                <button
                  type="button"
                  class="go"
                  aria-label={`${said.buy}: ${name}`}
                  onClick={() => tell('caty:addToCart', product) && send(said.order.replace('{name}', name))}
                >
                  {said.buy}
                </button>
              )}
            </>
          )}
        </div>
      </li>
    )
  }
}

/** The page's own shop may do it instead: it prevents the default then, and `false` comes back. */
const tell = (type: string, product: Product): boolean =>
  window.dispatchEvent(new CustomEvent(type, { detail: detailOf(product), cancelable: true }))
