/** The card of one product. */
import { Component, Fragment, h } from 'preact'
import type { Product } from '../../../edge/contract/edge.ts'
import { linkProps, safeUrl } from '../../panel/url.ts'
import type { ProductsProps } from '../guide/chunk-props.ts'
import { detailOf, imageUrl, isReduced, isService, priceText, ratingText } from './format.ts'

type Props = Omit<ProductsProps, 'products'> & { product: Product }
type State = { imageFailed: boolean }

const MAX_BADGES = 3

export class Card extends Component<Props, State> {
  override state: State = { imageFailed: false }

  render({ product, strings, send, onOffer }: Props, { imageFailed }: State) {
    const { name, description, price, original_price, currency, image_url, url, rating, in_stock, badges } = product
    const picture = imageFailed ? undefined : imageUrl(image_url)
    const href = url && safeUrl(url)
    const webAddress = href?.startsWith('http') ? href : undefined
    const reduced = isReduced(product)
    const shownBadges = [...(reduced && !badges?.length ? [strings.sale] : []), ...(badges ?? [])].slice(0, MAX_BADGES)
    return (
      <li class="product" part="product">
        <div class="product-image">
          {picture ? (
            <img
              src={picture}
              alt={name}
              width={200}
              height={150}
              loading="lazy"
              decoding="async"
              onError={() => this.setState({ imageFailed: true })}
            />
          ) : (
            <span aria-hidden="true">{[...name][0]}</span>
          )}
          {shownBadges.length > 0 && (
            <p class="product-badges">
              {shownBadges.map((badge) => (
                <span>{badge}</span>
              ))}
            </p>
          )}
        </div>
        <p class="product-name" dir="auto">
          {name}
        </p>
        {description && (
          <p class="product-detail" dir="auto">
            {description}
          </p>
        )}
        {rating !== undefined && (
          <p class="rating" role="img" aria-label={strings.rated.replace('{count}', ratingText(rating, strings.code))}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6L12 17l-5.4 3 1.2-6-4.5-4.2 6.1-.7z" />
            </svg>
            {ratingText(rating, strings.code)}
          </p>
        )}
        {price !== undefined && (
          <p class="price">
            <span>{priceText(price, currency, strings.code)}</span>
            {reduced && (
              <s>
                <span class="visually-hidden">{strings.was} </span>
                {priceText(original_price, currency, strings.code)}
              </s>
            )}
          </p>
        )}
        {in_stock === false && <p class="product-detail">{strings.soldOut}</p>}
        <div class="product-actions">
          {isService(product) ? (
            <button
              type="button"
              class="primary"
              onClick={() => {
                dispatch('caty:requestOffer', product)
                onOffer(product)
              }}
            >
              {strings.offer}
            </button>
          ) : (
            <>
              {webAddress && (
                <a
                  {...linkProps(webAddress)}
                  href={webAddress}
                  aria-label={`${strings.view}: ${name}`}
                  onClick={(event) => dispatch('caty:productView', product) || event.preventDefault()}
                >
                  {strings.view}
                </a>
              )}
              {in_stock !== false && (
                <button
                  type="button"
                  class="primary"
                  aria-label={`${strings.buy}: ${name}`}
                  onClick={() => dispatch('caty:addToCart', product) && send(strings.order.replace('{name}', name))}
                >
                  {strings.buy}
                </button>
              )}
            </>
          )}
        </div>
      </li>
    )
  }
}

/** Returns `false` if the page handles the event itself, by `preventDefault()`. */
const dispatch = (type: string, product: Product): boolean =>
  window.dispatchEvent(new CustomEvent(type, { detail: detailOf(product), cancelable: true }))
