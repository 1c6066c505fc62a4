/** Product cards: their content, the page's events, and what they refuse to load. */
import { h, render } from 'preact'
import { describe, expect, it } from 'vitest'
import type { Product } from '../../../edge/contract/edge.ts'
import type { AllStrings } from '../../../widget/chunk-api/strings.ts'
import { isReduced, isService, priceText } from '../../../widget/chunks/products/format.ts'
import { Products } from '../../../widget/chunks/products/index.tsx'
import { PAYLOADS } from '../../vectors/markup-payloads.ts'
import { strings } from './strings.ts'

function draw(products: Product[], words: AllStrings = strings) {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  const seen = { sent: [] as string[], offered: [] as Product[] }
  render(
    <Products
      products={products}
      strings={words}
      send={(text) => seen.sent.push(text)}
      onOffer={(product) => seen.offered.push(product)}
    />,
    place,
  )
  const button = (name: string) =>
    [...place.querySelectorAll<HTMLElement>('button,a')].find((one) => one.textContent === name)
  return { place, seen, button, find: (selector: string) => place.querySelector<HTMLElement>(selector) }
}

/** The details of the page's events. */
function hear(type: string, prevent = false): unknown[] {
  const heard: unknown[] = []
  const listen = (event: Event) => {
    if (event instanceof CustomEvent) heard.push(event.detail)
    if (prevent) event.preventDefault()
  }
  window.addEventListener(type, listen, { once: true })
  return heard
}

const mug: Product = {
  id: 'm1',
  name: 'Harbour mug',
  description: 'Blue',
  price: 20,
  original_price: 24,
  currency: 'EUR',
  image_url: '/mug.svg',
  url: '/product/m1',
  rating: 4.8,
}

describe('a card', () => {
  it('shows image, name, price, former price and rating', () => {
    const { find, place } = draw([mug])
    expect(find('img')?.getAttribute('alt')).toBe('Harbour mug')
    expect(find('img')?.getAttribute('loading')).toBe('lazy')
    expect(place.textContent).toContain('€20.00')
    expect(find('s')?.textContent).toBe(`${strings.was} €24.00`)
    expect(find('[role=img]')?.getAttribute('aria-label')).toBe('4.8 of 5 stars')
    expect(find('.product-badges')?.textContent).toBe(strings.sale)
  })

  it('shows at most three badges of the data, and none of ours beside them', () => {
    const { place } = draw([{ ...mug, badges: ['New', 'Free delivery', 'Eco', 'Fourth'] }])
    expect([...place.querySelectorAll('.product-badges span')].map((badge) => badge.textContent)).toEqual([
      'New',
      'Free delivery',
      'Eco',
    ])
  })

  it('says when the product is sold out, and has no Buy button then', () => {
    const { place, button } = draw([{ ...mug, in_stock: false }])
    expect(place.textContent).toContain(strings.soldOut)
    expect(button(strings.buy)).toBeUndefined()
  })

  it('shows the first letter if the image cannot load', async () => {
    const { find } = draw([mug])
    find('img')?.dispatchEvent(new Event('error'))
    await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
    expect(find('img')).toBeNull()
    expect(find('.product-image')?.textContent).toContain('H')
  })
})

describe('the buttons of a card', () => {
  const detail = {
    id: 'm1',
    name: 'Harbour mug',
    price: 20,
    image: '/mug.svg',
    url: '/product/m1',
    description: 'Blue',
  }

  it('View is a link, and the page gets an event', () => {
    const heard = hear('caty:productView', true)
    const { button } = draw([mug])
    const link = button(strings.view)
    expect(link?.getAttribute('href')).toMatch(/\/product\/m1$/)
    link?.click()
    expect(heard).toEqual([detail])
  })

  it('the event has no address that runs a script', () => {
    const heard = hear('caty:requestOffer')
    const evil = { ...mug, category: 'Services', url: 'javascript:alert(1)', image_url: 'data:image/svg+xml,<svg/>' }
    draw([evil]).button(strings.offer)?.click()
    expect(heard).toEqual([{ ...detail, url: undefined, image: undefined }])
  })

  it("Buy sends a message in the visitor's language", () => {
    const heard = hear('caty:addToCart')
    const { button, seen } = draw([mug], { ...strings, order: 'Ich möchte bestellen: {name}' })
    button(strings.buy)?.click()
    expect(heard).toEqual([detail])
    expect(seen.sent).toEqual(['Ich möchte bestellen: Harbour mug'])
  })

  it('a page can handle Buy itself', () => {
    hear('caty:addToCart', true)
    const { button, seen } = draw([mug])
    button(strings.buy)?.click()
    expect(seen.sent).toEqual([])
  })

  it.each([{ offer_type: 'service' }, { offer_type: 'package' }, { category: 'Servicii' }, { category: 'Oferte' }])(
    'for %j an offer is asked',
    (kind) => {
      const heard = hear('caty:requestOffer')
      const { button, seen } = draw([{ ...mug, ...kind }])
      expect(button(strings.buy)).toBeUndefined()
      button(strings.offer)?.click()
      expect(heard).toEqual([detail])
      expect(seen.offered).toMatchObject([{ id: 'm1' }])
    },
  )
})

it.each(PAYLOADS)('%j in every member makes no markup, no script and no dangerous address', (payload) => {
  const { place } = draw([
    {
      id: payload,
      name: payload,
      description: payload,
      price: payload,
      currency: payload,
      image_url: payload,
      url: payload,
      category: payload,
      badges: [payload],
    },
  ])
  for (const element of place.querySelectorAll('*')) {
    expect(['SECTION', 'UL', 'LI', 'DIV', 'IMG', 'SPAN', 'P', 'A', 'BUTTON', 'SVG', 'PATH']).toContain(
      element.tagName.toUpperCase(),
    )
    for (const name of ['href', 'src']) {
      const value = element.getAttribute(name)
      if (value !== null) expect(value).toMatch(/^https?:/)
    }
    expect([...element.attributes].filter(({ name }) => name.startsWith('on'))).toEqual([])
  }
})

describe('prices', () => {
  it.each([
    [24, 'EUR', 'de', '24,00\u00a0€'],
    [1299.5, 'RON', 'ro', '1.299,50\u00a0RON'],
    ['24.00', 'usd', 'en', '$24.00'],
    [24, 'Lei', 'ro', '24 Lei'],
    [24.5, undefined, 'fr', '24,50'],
    ['from 20 €', 'EUR', 'en', 'from 20 €'],
    [3000, 'JPY', 'ja', '￥3,000'],
  ])('%j %j in %s is %j', (price, currency, language, text) => {
    expect(priceText(price, currency, language)).toBe(text)
  })

  it('are reduced only if both are numbers and the present one is lower', () => {
    expect(isReduced({ name: 'x', price: 5, original_price: 6 })).toBe(true)
    expect(isReduced({ name: 'x', price: '5', original_price: '6.5' })).toBe(true)
    expect(isReduced({ name: 'x', price: 6, original_price: 6 })).toBe(false)
    expect(isReduced({ name: 'x', price: 'five', original_price: 6 })).toBe(false)
    expect(isReduced({ name: 'x', price: 5 })).toBe(false)
  })
})

it('a product is no service', () => {
  expect(isService({ name: 'Mug', offer_type: 'product', category: 'Mugs' })).toBe(false)
})
