/** Options in the script tag. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readOptions } from '../../widget/launcher/options.ts'

afterEach(() => vi.restoreAllMocks())

describe('the tag', () => {
  it('reads every attribute', () => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const options = {
      position: 'top-left',
      theme: 'dark',
      greeting: 'Hi',
      widgetId: 'wgt_1',
      zIndex: '5',
      launcher: 'none',
      layout: 'window',
      load: 'manual',
      consent: 'required',
      offsetX: '12',
      offsetY: '12px',
      language: 'de',
      edge: 'https://chat.example',
      nonce: 'n',
    }
    expect(readOptions(options)).toEqual(options)
    expect(said).not.toHaveBeenCalled()
  })

  it.each([
    ['position', 'middle'],
    ['theme', 'blue'],
    ['zIndex', '-1'],
    ['load', 'never'],
    ['offsetX', '12em'],
    ['edge', 'javascript:alert(1)'],
    ['widgetId', 'a b'],
  ])('warns of %s="%s" on the console and ignores it', (name, value) => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    expect(readOptions({ [name]: value })).toEqual({})
    expect(said).toHaveBeenCalledOnce()
    expect(said.mock.calls[0]?.[0]).toContain(name)
    expect(said.mock.calls[0]?.[0]).toContain(value)
  })

  it('never reads an API key', () => {
    expect(readOptions({ apiKey: 'caty_0123456789abcdef' })).toEqual({})
  })
})
