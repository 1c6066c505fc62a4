/** What Caty is told about the page that a visitor writes from. */
import { describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostPage } from '../support/host-page.ts'
import { ask, holds, ready } from '../support/page.ts'
import { bodies } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

const page = (html: string) =>
  hostPage(browser, host, edge, `<!doctype html><html lang="en"><title>Shop</title><body>${html}</body></html>`)

describe('data-context', () => {
  it('sends details of the page if the owner turns it on, and nothing private', async () => {
    const product = {
      '@context': 'https://schema.org',
      '@graph': [
        {
          '@type': ['Product', 'Thing'],
          name: 'Blue mug',
          offers: { price: 18, priceCurrency: 'EUR' },
          aggregateRating: { ratingValue: 4.8, reviewCount: 12 },
        },
        { '@type': 'Person', name: 'Somebody' },
      ],
    }
    const html = (context: string) => `<meta name="description" content="A shop of mugs">
      <script type="application/ld+json">${JSON.stringify(product)}</script>
      <main><h1>Blue mug</h1><h2>Care</h2><p>Holds 300 ml. Costs 18 €.</p><p data-caty-ignore>Order of Ana</p>
      <form><input value="typed"></form><h2 data-caty-ignore>Private heading</h2></main>
      <script src="${edge}/widget.js" data-context="${context}" async></script>`
    const at = await page(html('full'))
    await ready(at)
    await holds(at.page, 'window.CatyWidget.getPageContext().content')
    await ask(at, "sendMessage('When are you open?')")
    const [sent] = await bodies('/api/widget/chat/message')
    expect(sent?.context).toMatchObject({
      page_url: `${host}/`,
      page_title: 'Shop',
      meta: { description: 'A shop of mugs', language: 'en' },
      structured_data: [
        { '@type': 'Product', name: 'Blue mug', price: 18, priceCurrency: 'EUR', rating: 4.8, reviewCount: 12 },
      ],
      content: { h1: 'Blue mug', h2_list: ['Care'], has_product: true, has_pricing: true },
    })
    expect(JSON.stringify(sent)).not.toMatch(/Order of Ana|Private heading|typed|Somebody|html=/)

    const off = await page(html('off'))
    await ready(off)
    expect(await ask(off, 'getPageContext()')).toEqual({})
    await ask(off, "sendMessage('When are you open?')")
    expect(JSON.stringify((await bodies('/api/widget/chat/message')).at(-1))).not.toMatch(/Shop|mug/i)
  })
})
