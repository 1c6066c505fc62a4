/** What the widget reads of a page, and what it never reads. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventData } from '../../widget/chunks/api/event-data.ts'
import { PageMetrics } from '../../widget/chunks/observe/metrics.ts'
import { watchRoute } from '../../widget/chunks/observe/route.ts'
import { fullContext } from '../../widget/chunks/page-context/index.ts'

const BASIC = { page_url: 'https://shop.example/a', page_title: 'A' }

/** Elements from a tree, without HTML strings. */
function put(
  name: string,
  attributes: Record<string, string> = {},
  text = '',
  parent: Element = document.body,
): Element {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.textContent = text
  parent.append(made)
  return made
}

beforeEach(() => {
  document.body.replaceChildren()
  document.head.replaceChildren()
})

describe('the full context', () => {
  it('cuts every part to its length', () => {
    put('meta', { name: 'description', content: 'd'.repeat(900) }, '', document.head)
    put('meta', { property: 'og:title', content: 't'.repeat(900) }, '', document.head)
    const main = put('main')
    put('h1', {}, 'h'.repeat(900), main)
    for (let at = 0; at < 9; at++) put('h2', {}, `${at}${'x'.repeat(900)}`, main)
    put('p', {}, 'p'.repeat(9000), main)
    const { meta, content } = fullContext(BASIC)
    expect(meta?.description).toHaveLength(500)
    expect(meta?.og_title).toHaveLength(500)
    expect(content?.h1).toHaveLength(200)
    expect(content?.h2_list?.map((text) => text.length)).toEqual([150, 150, 150, 150, 150])
    expect(content?.main_text).toHaveLength(2000)
  })

  it('leaves out navigation, forms, scripts, hidden parts and what the owner marked', () => {
    const main = put('main')
    put('p', {}, 'Visible', main)
    for (const name of ['nav', 'header', 'footer', 'aside', 'form', 'script', 'style'])
      put(name, {}, `in ${name}`, main)
    put('p', { 'aria-hidden': 'true' }, 'hidden', main)
    put('p', { 'data-caty-ignore': '' }, 'ignored', main)
    const nested = put('div', {}, '', main)
    put('span', { 'data-caty-ignore': '' }, 'deep', nested)
    expect(fullContext(BASIC).content?.main_text).toBe('Visible')
    expect(main.querySelectorAll('[data-caty-ignore]')).toHaveLength(2)
  })

  it('has no text where the owner marked the whole page, and where there is no main element', () => {
    put('p', {}, 'Loose text')
    expect(fullContext(BASIC).content?.main_text).toBe('')
    put('main', { 'data-caty-ignore': '' }, 'Account of Ana')
    expect(fullContext(BASIC).content?.main_text).toBe('')
  })

  it('reads JSON-LD in lists, graphs and of several types, and ignores invalid JSON', () => {
    const ld = (value: unknown) =>
      put(
        'script',
        { type: 'application/ld+json' },
        typeof value === 'string' ? value : JSON.stringify(value),
        document.head,
      )
    ld('{ broken')
    ld(null)
    ld([{ '@type': 'Article', name: 'n'.repeat(300) }])
    ld({
      '@graph': [{ '@type': ['Thing', 'Product'], name: 'Mug', offers: [{ price: '18.00', priceCurrency: 'EUR' }] }],
    })
    ld({ '@type': 'Person', name: 'Somebody' })
    const { structured_data: found, content } = fullContext(BASIC)
    expect(found?.map((item) => [item['@type'], item.name?.length])).toEqual([
      ['Article', 200],
      ['Product', 3],
    ])
    expect(found?.[1]).toMatchObject({ price: '18.00', priceCurrency: 'EUR' })
    expect(content).toMatchObject({ has_product: true, has_pricing: true })
  })
})

describe('metrics', () => {
  const own = document.createElement('caty-widget')
  let now = 0
  const told: [string, unknown][] = []
  let metrics: PageMetrics

  beforeEach(() => {
    now = 1000
    told.length = 0
    document.body.append(own)
    metrics = new PageMetrics(
      own,
      2,
      (type, data) => told.push([type, data]),
      () => now,
    )
  })
  afterEach(() => metrics.stop())

  it('count time, clicks, form fields and idle time', () => {
    put('button', { id: 'buy', class: 'cta big' }, '  Buy \n a mug ').dispatchEvent(
      new MouseEvent('click', { bubbles: true }),
    )
    put('input', { name: 'city' }).dispatchEvent(new FocusEvent('focusin', { bubbles: true }))
    now += 4000
    document.dispatchEvent(new KeyboardEvent('keydown'))
    now += 700
    expect(metrics.current).toMatchObject({
      timeOnPage: 4700,
      clickCount: 1,
      formInteractions: 1,
      idleTime: 700,
      visitCount: 2,
    })
    expect(told).toEqual([
      ['click', { element: 'button', id: 'buy', className: 'cta', text: 'Buy a mug' }],
      ['form_interaction', { field: 'city' }],
    ])
  })

  it.each([
    ['a password', { type: 'password', name: 'p' }],
    ['a card number', { autocomplete: 'cc-number', name: 'n' }],
    ['a card number by its name', { name: 'cardNumber' }],
    ['a one-time code', { autocomplete: 'one-time-code' }],
    ['what the owner marked', { 'data-caty-ignore': '' }],
  ])('ignore %s', (_, attributes) => {
    const field = put('input', attributes)
    field.dispatchEvent(new FocusEvent('focusin', { bubbles: true }))
    field.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    expect(told).toEqual([])
    expect(metrics.current).toMatchObject({ clickCount: 0, formInteractions: 0 })
  })

  it('report text of buttons only, and nothing of the chat', () => {
    put('p', {}, 'A private letter').dispatchEvent(new MouseEvent('click', { bubbles: true }))
    own.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    expect(told).toEqual([['click', { element: 'p', id: '', className: '', text: '' }]])
  })

  it('report once that the pointer left through the upper edge', () => {
    const leave = (clientY: number) => document.dispatchEvent(new MouseEvent('mouseout', { clientY, bubbles: true }))
    leave(300)
    expect(metrics.current.exitIntent).toBe(false)
    leave(-1)
    leave(-2)
    expect(metrics.current.exitIntent).toBe(true)
    expect(told).toEqual([['exit_intent', { y: -1 }]])
  })

  it('start again on another page, and stop', () => {
    put('a', {}, 'x').dispatchEvent(new MouseEvent('click', { bubbles: true }))
    metrics.reset()
    expect(metrics.current).toMatchObject({ clickCount: 0, timeOnPage: 0 })
    metrics.stop()
    put('a', {}, 'x').dispatchEvent(new MouseEvent('click', { bubbles: true }))
    expect(metrics.current.clickCount).toBe(0)
  })
})

describe('the route', () => {
  it('is watched by patching history without the Navigation API, and history is restored', () => {
    const { pushState, replaceState } = history
    let changes = 0
    const end = watchRoute(() => changes++)
    history.pushState({}, '', `${location.pathname}?page=2`)
    history.replaceState({}, '', `${location.pathname}?page=2#part`)
    expect(changes).toBe(1)
    history.replaceState({}, '', `${location.pathname}?page=2#/route`)
    expect(changes).toBe(2)
    end()
    expect([history.pushState === pushState, history.replaceState === replaceState]).toEqual([true, true])
  })

  it('keeps a patch that another script made later', () => {
    const end = watchRoute(() => undefined)
    const theirs = () => undefined
    const before = history.pushState
    history.pushState = theirs
    end()
    expect(history.pushState).toBe(theirs)
    history.pushState = before
    Reflect.deleteProperty(history, 'pushState')
  })
})

describe('the data of an event', () => {
  it.each([
    [undefined, undefined],
    ['a', 'a'],
    [40, 40],
    [null, null],
    [
      { size: 'L', price: 3, ok: true, none: null, deep: { a: 1 }, fn: () => 1, nan: Number.NaN },
      { size: 'L', price: 3, ok: true, none: null },
    ],
    [[1, 2], { 0: 1, 1: 2 }],
  ])('%j is sent as %j', (value, expected) => {
    expect(eventData(value)).toEqual(expected)
  })

  it('stays small whatever a page passes', () => {
    const big = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`${at}${'k'.repeat(99)}`, 'v'.repeat(9999)]))
    const data = Object(eventData(big))
    expect(Object.keys(data)).toHaveLength(20)
    expect(JSON.stringify(data).length).toBeLessThan(45_000)
  })
})
