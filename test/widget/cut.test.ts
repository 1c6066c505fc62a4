/** A text that is cut ends with a whole character. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cut } from '../../widget/chunk-api/cut.ts'
import { eventData } from '../../widget/chunks/api/event-data.ts'
import { fullContext } from '../../widget/chunks/page-context/index.ts'

it('cuts between characters, and no shorter than needed', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 })
  fc.assert(
    fc.property(text, fc.nat(30), (whole, max) => {
      const short = cut(whole, max)
      expect(short.isWellFormed() && whole.startsWith(short) && short.length <= max).toBe(true)
      expect(short.length).toBeGreaterThanOrEqual(Math.min(whole.length, max - 1))
    }),
  )
})

it('leaves no half of an emoji in what is read of a page', () => {
  document.head.replaceChildren()
  const main = document.createElement('main')
  main.textContent = `${'x'.repeat(1999)}😀`
  const meta = document.createElement('meta')
  meta.setAttribute('name', 'description')
  meta.setAttribute('content', `${'x'.repeat(499)}😀`)
  document.head.append(meta)
  document.body.replaceChildren(main)
  const context = fullContext({})
  expect([context.content?.main_text, context.meta?.description]).toEqual(['x'.repeat(1999), 'x'.repeat(499)])
  expect(eventData({ [`${'n'.repeat(59)}😀`]: `${'v'.repeat(1999)}😀` })).toEqual({
    ['n'.repeat(59)]: 'v'.repeat(1999),
  })
})
