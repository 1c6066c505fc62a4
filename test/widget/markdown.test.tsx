/** Markdown becomes vnodes: what an assistant writes reads well, and nothing it writes can act. */
import { h, render } from 'preact'
import { describe, expect, it } from 'vitest'
import * as rich from '../../widget/chunks/rich/index.tsx'
import { markdown } from '../../widget/panel/markdown.tsx'
import { PAYLOADS } from '../vectors/markup-payloads.ts'

function draw(text: string): HTMLElement {
  const place = document.createElement('div')
  render(<div>{markdown(text, rich)}</div>, place)
  return place
}
const html = (text: string) => draw(text).innerHTML.replace(/^<div>|<\/div>$/g, '')

describe('Markdown', () => {
  it.each([
    ['plain\ntwo lines', '<p>plain<br>two lines</p>'],
    ['one\n\ntwo', '<p>one</p><p>two</p>'],
    ['**bold** and *italic* and `code`', '<p><strong>bold</strong> and <em>italic</em> and <code>code</code></p>'],
    ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
    ['1. a\n2. b\n- c', '<ol><li>a</li><li>b</li></ol><ul><li>c</li></ul>'],
    ['text\n- a', '<p>text</p><ul><li>a</li></ul>'],
    ['# Title\ntext', '<p class="heading">Title</p><p>text</p>'],
    ['> said\nand on', '<blockquote>said<br></blockquote><p>and on</p>'],
    ['3. c\n4. d', '<ol start="3"><li>c</li><li>d</li></ol>'],
    ['- a\n  - b\n    1. c\n- d', '<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>'],
    ['1. a\n   - b\n   - c\n2. d', '<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>'],
    ['text\n- a\nmore', '<p>text</p><ul><li>a</li></ul><p>more</p>'],
    ['2 * 3 * 4 and snake_case_name', '<p>2 * 3 * 4 and snake_case_name</p>'],
  ])('%j', (text, expected) => {
    expect(html(text)).toBe(expected)
  })

  it('keeps code blocks as they are', () => {
    const code = draw('```js\nconst a = "<b>"\n```').querySelector('pre code')
    expect(code?.textContent).toBe('const a = "<b>"')
  })

  it('draws a table with its head, and leaves bars without a rule under them alone', () => {
    const table = draw('| a | b |\n|---|---|\n| 1 | **2** |\nafter')
    expect([...table.querySelectorAll('th')].map((cell) => cell.textContent)).toEqual(['a', 'b'])
    expect(table.querySelector('td strong')?.textContent).toBe('2')
    expect(table.querySelector('p')?.textContent).toBe('after')
    expect(draw('| no | table |').querySelector('table')).toBeNull()
  })

  it('is readable before the rich chunk has come', () => {
    const place = document.createElement('div')
    render(<div>{markdown('# Title\n> said')}</div>, place)
    expect(place.textContent).toBe('# Title> said')
  })

  it('links what is an address, and opens other sites in a new tab', () => {
    const links = [...draw('[shop](https://other.example/a) https://b.example/x. me@c.example').querySelectorAll('a')]
    expect(links.map((link) => [link.getAttribute('href'), link.textContent, link.rel])).toEqual([
      ['https://other.example/a', 'shop', 'noopener noreferrer'],
      ['https://b.example/x', 'https://b.example/x', 'noopener noreferrer'],
      ['mailto:me@c.example', 'me@c.example', ''],
    ])
  })

  it.each([
    ['Call +353 1 555 0142.', 'tel:+35315550142', '+353 1 555 0142'],
    ['Call +49 (0)171 5550100 today', 'tel:+491715550100', '+49 (0)171 5550100'],
    ['or 0171 555 01 00, please', 'tel:01715550100', '0171 555 01 00'],
    ['- by phone: +1-555-010-4200', 'tel:+15550104200', '+1-555-010-4200'],
    ['**Call** +40 21 555 0142', 'tel:+40215550142', '+40 21 555 0142'],
  ])('a phone number can be called: %j', (text, href, label) => {
    const links = [...draw(text).querySelectorAll('a')]
    expect(links.map((link) => [link.getAttribute('href'), link.textContent])).toEqual([[href, label]])
  })

  it.each([
    'On 01.02.2026 at 09:00',
    'On 01.02.2026 1200 people came',
    '2026-11-25',
    'from 10:00 to 18:00',
    'order 00012345',
    'TT-1042',
    '€1.000.000,00',
    '+5 and +10',
    '1,234,567,890',
    '`+353 1 555 0142`',
    '192.168.001.001',
  ])('%j is no phone number', (text) => {
    expect(draw(text).querySelector('a')).toBeNull()
  })

  it.each(PAYLOADS)('does not act on %j', (payload) => {
    const place = draw(`before ${payload} after`)
    for (const element of place.querySelectorAll('*')) {
      expect(['DIV', 'P', 'BR', 'STRONG', 'EM', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'A', 'BLOCKQUOTE']).toContain(
        element.tagName,
      )
      for (const { name, value } of element.attributes) {
        expect(['href', 'target', 'rel', 'tabindex', 'dir', 'class']).toContain(name)
        if (name === 'href') expect(value).toMatch(/^(https?|mailto|tel):/)
      }
    }
  })
})
