/** Rich content of a reply: what stays text, and what becomes a card, a time or a button. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import { extractRichContent } from '../../../widget/chunks/guide/rich-content.ts'
import type { Entry } from '../../../widget/panel/entry.ts'

function apart(text: string, actions?: SuggestedAction[]): Entry {
  const entry: Entry = { id: '1', role: 'assistant', at: 0, text, actions }
  extractRichContent(entry)
  return entry
}
const labels = (entry: Entry) => entry.actions?.map(({ label }) => label) ?? []

describe('choices at the end of the text', () => {
  it('become buttons, and leave the text', () => {
    const entry = apart('What is it about?\n- Order status\n- Returns\n- Something else')
    expect(entry.text).toBe('What is it about?')
    expect(labels(entry)).toEqual(['Order status', 'Returns', 'Something else'])
  })

  it.each(['- clay\n\n- water', '- clay\n\n\n- water\n', '- clay\n- water\n\n'])(
    'may have empty lines between them: %j',
    (list) => {
      const entry = apart(`Which?\n\n${list}`)
      expect(entry.text).toBe('Which?')
      expect(labels(entry)).toEqual(['clay', 'water'])
    },
  )

  it("come after the reply's own actions", () => {
    expect(labels(apart('Well?\n- Yes', [{ label: 'No' }]))).toEqual(['No', 'Yes'])
  })

  it.each([
    ['bold ones', 'Hours:\n- **Monday** 9 to 5'],
    ['links', 'Look:\n- [Mug](/mug)'],
    ['facts with a colon', 'Hours:\n- Monday: 9 to 5\n- Sunday: closed'],
    ['sentences', 'Know this:\n- Shipping is free.\n- Returns take 30 days.'],
    ['half a list', 'Know this:\n- **Shipping** is free\n- Returns'],
    ['half a list with empty lines', 'Know this:\n\n- **Shipping** is free\n\n- Returns'],
    ['a list in a list', 'Know this:\n- Mugs\n  - Harbour\n- Bowls'],
    ['items of several lines', 'Know this:\n- Mugs\nand cups\n- Bowls'],
    ['other marks', 'Know this:\n* Mugs\n- Bowls'],
    ['nothing else', '- One\n- Two'],
    ['a long list', `All:\n${'- Thing\n'.repeat(9)}`],
    ['long lines', `Know this:\n- ${'x'.repeat(72)}`],
  ])('%s stay text', (_, text) => {
    const entry = apart(text)
    expect(entry.text).toBe(text.trim())
    expect(labels(entry)).toEqual([])
  })
})

describe('products', () => {
  it('in tags of the text become cards', () => {
    const entry = apart(
      'Look: [PRODUCT:{"id":7,"name":"Mug","price":"12.50","originalPrice":15,"image":"/m.svg","url":"/m","rating":4.5,"inStock":false,"offerType":"product","marketing_label":"New","badge_promo":"-10%"}] Nice?',
    )
    expect(entry.text).toBe('Look:  Nice?')
    expect(entry.products).toMatchObject([
      {
        id: '7',
        name: 'Mug',
        price: '12.50',
        original_price: 15,
        image_url: '/m.svg',
        url: '/m',
        rating: 4.5,
        in_stock: false,
        badges: ['New', '-10%'],
      },
    ])
  })

  it.each(['[PRODUCT:{broken}]', '[PRODUCT:{"price":1}]', '[PRODUCT:{"name":null}]'])(
    '%s is shown to nobody',
    (tag) => {
      const entry = apart(`Well ${tag}`)
      expect(entry.text).toBe('Well')
      expect(entry.products).toBeUndefined()
    },
  )

  it('in a carousel become cards, and the other actions stay', () => {
    const entry = apart('Here', [
      { label: 'See', action: 'product_carousel', payload: { items: [{ name: 'Mug' }] } },
      { label: 'More' },
    ])
    expect(entry.products).toEqual([{ name: 'Mug' }])
    expect(labels(entry)).toEqual(['More'])
  })
})

it('offered times replace all other actions', () => {
  const slots = [{ label: '10:00' }, { label: '11:00' }]
  const entry = apart('When?\n- Later', [
    { label: 'Pick', action: 'slot_picker', payload: { date: '2026-11-25', slots } },
    { label: 'Other' },
  ])
  expect(entry.picker).toEqual({ day: '2026-11-25', slots })
  expect(entry.actions).toEqual([])
})

it('leaves no tag and adds no text, whatever the lines', () => {
  const lines = fc.array(
    fc.constantFrom('- a b', 'text', '', '- **x**', '[PRODUCT:{"name":"M"}]', '[PRODUCT:{x}]', '- '),
  )
  fc.assert(
    fc.property(lines, (all) => {
      const text = all.join('\n')
      const entry = apart(text)
      expect(entry.text).not.toContain('[PRODUCT:')
      expect(text).toContain(entry.text.split('\n')[0])
      expect(entry.products?.length ?? 0).toBe(all.filter((line) => line.includes('"M"')).length)
    }),
  )
})
