/** The guide in a panel: what it loads when, and what it draws where. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Entry } from '../../../widget/panel/entry.ts'
import { begin, loaded } from './harness.tsx'
import { strings } from './strings.ts'

beforeEach(() => vi.spyOn(console, 'warn').mockImplementation(() => undefined))

describe('chunks load when they are needed', () => {
  it('none for a plain reply', async () => {
    const at = begin()
    await at.answer({})
    expect(at.seen.loaded).toEqual([])
  })

  it('an intent loads the forms and their strings only', async () => {
    const at = begin()
    await at.answer({ intent: 'contact_request' })
    expect(at.seen.loaded.sort()).toEqual(['forms', 'more/en'])
    expect(at.find('.form-title')?.textContent).toBe(strings.contactTitle)
  })

  it('products load the cards', async () => {
    const at = begin()
    await at.answer({ more: { products: [{ name: 'Mug' }] } })
    expect(at.seen.loaded.sort()).toEqual(['more/en', 'products'])
    expect(at.find('.product-name')?.textContent).toBe('Mug')
    expect(at.seen.events).toContainEqual(['products', { products: [{ name: 'Mug' }] }])
  })

  it('products of an earlier page load the cards again', async () => {
    const entry: Entry = { id: '1', role: 'assistant', text: 'Look', at: 0, products: [{ name: 'Mug' }] }
    const at = begin({}, 'en', {}, (conversation) => conversation.entries.push(entry))
    await loaded()
    expect(at.find('.product-name')?.textContent).toBe('Mug')
    expect(at.seen.events).toEqual([])
  })

  it('a chunk that cannot load is reported, and Retry loads it again', async () => {
    const at = begin()
    at.seen.broken.add('forms')
    await at.act({ action: 'schedule' })
    expect(at.place.textContent).toContain(strings.chunkFailed)
    at.seen.broken.clear()
    at.button(strings.retry)?.click()
    await loaded()
    expect(at.find('.form-title')?.textContent).toBe(strings.scheduleTitle)
  })
})

describe('forms that open by themselves', () => {
  it('do not take the focus, and open once', async () => {
    const at = begin()
    at.find('textarea')?.focus()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.root.activeElement).toBe(at.find('textarea'))
    at.button(strings.cancel)?.click()
    await loaded()
    expect(at.find('form')).toBeNull()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.find('form')).toBeNull()
  })

  it('open once, also when another form replaced them', async () => {
    const at = begin()
    await at.answer({ intent: 'purchase_intent' })
    await at.act({ action: 'contact_form' })
    at.button(strings.cancel)?.click()
    await at.answer({ intent: 'purchase_intent' })
    expect(at.find('form')).toBeNull()
  })

  it('take the focus when the visitor asks for them', async () => {
    const at = begin()
    await at.answer({ intent: 'booking_request' })
    at.find('textarea')?.focus()
    await at.act({ action: 'schedule' })
    expect(at.root.activeElement).toBe(at.find('form input'))
  })

  it('never replace a form that is being filled in', async () => {
    const at = begin()
    await at.act({ action: 'open_form', payload: { form_type: 'contact' } })
    await at.answer({ intent: 'booking_request' })
    expect(at.find('.form-title')?.textContent).toBe(strings.contactTitle)
  })

  it('add thanks to the conversation once sent, and give the focus back', async () => {
    const at = begin()
    await at.act({ action: 'form' })
    for (const [name, text] of [
      ['name', 'Ada'],
      ['email', 'ada@example.com'],
    ]) {
      const field = at.find<HTMLInputElement>(`[name=${name}]`)
      if (!field) throw new Error('no field')
      field.value = text ?? ''
      field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    at.find('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
    await loaded()
    expect(at.seen.calls[0]).toEqual([
      '/api/widget/lead',
      { session_id: 'handle', name: 'Ada', email: 'ada@example.com' },
    ])
    expect(at.conversation.entries.at(-1)?.text).toBe(strings.thanks)
    expect(at.find('form')).toBeNull()
    expect(at.root.activeElement).toBe(at.find('textarea'))
    // The next form knows who the visitor is.
    await at.act({ action: 'contact_form' })
    expect(at.find<HTMLInputElement>('[name=name]')?.value).toBe('Ada')
  })

  it('keep the values when they are closed', async () => {
    const at = begin()
    await at.act({ action: 'contact_form' })
    const field = at.find<HTMLTextAreaElement>('[name=message]')
    if (!field) throw new Error('no field')
    field.value = 'A long question'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    at.find('form')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
    await loaded()
    await at.act({ action: 'contact_form' })
    expect(at.find<HTMLTextAreaElement>('[name=message]')?.value).toBe('A long question')
  })

  it('forget the values on clearSession()', async () => {
    const at = begin()
    await at.act({ action: 'form' })
    const field = at.find<HTMLInputElement>('[name=name]')
    if (!field) throw new Error('no field')
    field.value = 'Ada'
    field.dispatchEvent(new Event('input', { bubbles: true }))
    at.conversation.clear()
    await loaded()
    expect(at.find('form')).toBeNull()
    await at.act({ action: 'form' })
    expect(at.find<HTMLInputElement>('[name=name]')?.value).toBe('')
  })
})

describe('the configuration adds', () => {
  const button = (label: string | Record<string, string>, more = {}) => ({
    label,
    display_context: ['welcome'],
    ...more,
  })
  const auto_config = {
    buttons: [
      button({ en: 'Mugs', de: 'Tassen' }),
      button('Book', { action: 'schedule' }),
      button('Off', { active: false }),
      button('Elsewhere', { display_context: ['checkout'] }),
      button({ fr: 'Seulement' }),
      button('Four'),
      button('Five'),
    ],
  }
  const shown = (at: ReturnType<typeof begin>) =>
    [...at.place.querySelectorAll('[part=action]')].map((one) => one.textContent)

  it("up to four buttons under the greeting, in the visitor's language", () => {
    expect(shown(begin({ auto_config }))).toEqual(['Mugs', 'Book', 'Seulement', 'Four'])
    expect(shown(begin({ auto_config }, 'de'))[0]).toBe('Tassen')
  })

  it('buttons that run their action, and disappear after the first message', async () => {
    const at = begin({ auto_config })
    at.button('Mugs')?.click()
    at.button('Book')?.click()
    await loaded()
    expect(at.seen.messages).toEqual(['Mugs'])
    expect(at.find('.form-title')?.textContent).toBe(strings.scheduleTitle)
    await at.answer({})
    expect(shown(at)).toEqual([])
  })

  it('an attach button only where files are allowed', async () => {
    expect(begin().find('.attach')).toBeNull()
    const at = begin({ capabilities: { file_upload: true } })
    await loaded()
    expect(at.find('[part=attach]')?.getAttribute('aria-label')).toBe(strings.attach)
  })

  it('what the page overrides from then on', async () => {
    const at = begin()
    at.host.core.config = { capabilities: { file_upload: true, handoff_human: true } }
    at.host.draw()
    await loaded()
    expect(at.find('[part=attach]')).not.toBeNull()
    expect(at.find('[part=handoff-button]')).not.toBeNull()
    at.host.core.config = {}
    at.host.draw()
    expect(at.find('[part=attach]')).toBeNull()
  })

  it('a handoff button only where there is a person', async () => {
    const at = begin({ capabilities: { handoff_human: true } })
    await loaded()
    at.host.draw()
    at.find('[part=handoff-button]')?.click()
    await loaded()
    expect(at.seen.calls[0]?.[0]).toBe('/api/widget/handoff/request')
  })

  it("the owner's own strings", async () => {
    const at = begin({}, 'en', { strings: { leadTitle: 'Tell us who you are' } })
    await at.act({ action: 'form' })
    expect(at.find('.form-title')?.textContent).toBe('Tell us who you are')
  })
})
