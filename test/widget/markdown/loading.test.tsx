/** A reply is drawn in one shape: not before its chunk is there, and as it was written for good where the chunk is late. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as chunk from '../../../widget/chunks/rich/index.tsx'
import { createDrawer } from '../../../widget/chunks/text/index.ts'
import { Markdown } from '../../../widget/panel/markdown.tsx'
import { canonical } from './canonical.ts'
import { draw, place } from './draw.tsx'

const RICH = '**Blue** mug'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function begin() {
  const loads: { resolve: (module: typeof chunk) => void; reject: (error: Error) => void }[] = []
  const changed = vi.fn()
  const find = vi.fn(
    createDrawer(
      () => new Promise((resolve, reject) => loads.push({ resolve, reject })),
      () => [],
    ),
  )
  const markdown = new Markdown(find, changed)
  /** `undefined` where nothing is drawn yet. */
  const shown = (text: string) => {
    const drawn = markdown.draw(text)
    return drawn && canonical(place(drawn))
  }
  return { markdown, find, loads, changed, shown }
}

describe('a reply', () => {
  it('of words alone is drawn at once, and loads nothing', async () => {
    const { markdown, find, shown } = begin()
    await markdown.settle('Hello there!')
    expect([shown('Hello there!'), find.mock.calls]).toEqual(['<p>Hello there!</p>', []])
  })

  it('of plain text needs no rich chunk', async () => {
    const { markdown, loads, shown } = begin()
    await markdown.settle('See https://a.example/b')
    expect(shown('See https://a.example/b')).toContain('<a https://a.example/b>')
    expect(loads).toEqual([])
  })

  it('with marks shows nothing until its chunk is there, then all of it', async () => {
    const { markdown, loads, changed, shown } = begin()
    const settled = markdown.settle(RICH)
    expect(shown(RICH)).toBeUndefined()
    loads[0]?.resolve(chunk)
    await settled
    expect(shown(RICH)).toBe('<p><strong>Blue</strong> mug</p>')
    expect([loads.length, changed.mock.calls.length]).toEqual([1, 1])
  })

  it('loads the chunk once for all that wait', () => {
    const { loads, shown } = begin()
    for (const text of [RICH, '- a', RICH]) expect(shown(text)).toBeUndefined()
    expect(loads.length).toBe(1)
  })

  it('shows its words after three seconds, and keeps them when the chunk comes', async () => {
    const { markdown, loads, shown } = begin()
    const settled = markdown.settle(RICH)
    await vi.advanceTimersByTimeAsync(2999)
    expect(shown(RICH)).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
    await settled
    expect(shown(RICH)).toBe('<p>**Blue** mug</p>')
    loads[0]?.resolve(chunk)
    await markdown.settle('*next*')
    expect([shown(RICH), shown('*next*')]).toEqual(['<p>**Blue** mug</p>', '<p><em>next</em></p>'])
  })

  it('shows its words at once where the chunk cannot be had, and the next one asks again', async () => {
    const { markdown, loads, shown } = begin()
    const settled = markdown.settle(RICH)
    loads[0]?.reject(new Error('blocked'))
    await settled
    expect(shown(RICH)).toBe('<p>**Blue** mug</p>')
    expect([shown('*next*'), loads.length]).toEqual([undefined, 2])
  })

  it('that is taken for words alone looks the same as drawn by the rich chunk', () => {
    const { shown } = begin()
    const parts = fc.constantFrom(
      'a',
      'B c',
      '. ',
      '!',
      '?',
      ' ',
      '-',
      '+',
      'あ。',
      'א',
      "'",
      '"',
      '(',
      ')',
      ': ',
      ';',
      '€',
      'www',
      'http:',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((all) => all.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const own = shown(text)
        if (own !== undefined && text.trim()) expect(own).toBe(canonical(draw(text)))
      }),
      { numRuns: 2000 },
    )
  })
})
