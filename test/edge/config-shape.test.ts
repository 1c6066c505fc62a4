/** Every name a configuration may use at Caty, and the one place where the browser finds it. */
import { expect, it } from 'vitest'
import { readConfig } from '../../edge/contract/caty.ts'

const schema = { '@type': 'Store', name: 'Tern & Tide' }

it.each([
  ['widgetId', 'wgt_1', { widget_id: 'wgt_1' }],
  ['persona_name', 'Mara', { persona: { name: 'Mara' } }],
  ['persona_avatar', 'https://shop.example/mara.png', { persona: { avatar_url: 'https://shop.example/mara.png' } }],
  ['theme', 'dark', { appearance: { theme: 'dark' } }],
  ['position', 'bottom-left', { appearance: { position: 'bottom-left' } }],
  ['primary_color', '#123456', { appearance: { colors: { primary: '#123456' } } }],
  ['greeting_message', 'Hello', { behavior: { greeting: { message: 'Hello' } } }],
  ['phone', '+353 1 555 0142', { business: { phone: '+353 1 555 0142' } }],
  ['contact_url', '/contact', { business: { contact_url: '/contact' } }],
  ['industry_schema_json', schema, { business: { industry_schema_json: schema } }],
  ['industry_schema_json', JSON.stringify(schema), { business: { industry_schema_json: JSON.stringify(schema) } }],
])('%s, with the envelope and without', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toEqual(expected)
  expect(readConfig({ success: true, config: { [name]: value } })).toEqual(expected)
})

it('what stands at its place already counts more, and what does not fit is left out', () => {
  expect(readConfig({ theme: 'dark', appearance: { theme: 'light' } })?.appearance?.theme).toBe('light')
  expect(readConfig({ phone: 5, contact_url: '/contact', evil: 1 })).toEqual({ business: { contact_url: '/contact' } })
  expect(readConfig({ industry_schema_json: { text: 'x'.repeat(8000) } })).toEqual({ business: {} })
})
