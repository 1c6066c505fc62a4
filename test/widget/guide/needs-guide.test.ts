/** Which answers load the guide in a first chat in English. */
import { describe, expect, it } from 'vitest'
import { NEEDS_GUIDE } from '../../../widget/panel/slots.ts'

const answer = (change: object = {}, intent = 'browsing', content = 'We are open from 9 to 5.') =>
  JSON.stringify({
    success: true,
    response: { content, suggested_actions: [] },
    metadata: { intent, confidence: 0.9, lead_score: 20 },
    ...change,
  })
const acting = (action: string) => ({ response: { content: 'Well?', suggested_actions: [{ label: 'Yes', action }] } })

describe('the guide is needed', () => {
  it.each([
    'schedule_request',
    'booking_request',
    'appointment_request',
    'programare',
    'price_inquiry',
    'pricing_inquiry',
    'quote_request',
    'human_request',
    'support_request',
    'contact_request',
    'affirmative_interest',
    'ready_to_buy',
    'purchase_intent',
    'product_inquiry',
  ])('for the intent %s', (intent) => {
    expect(NEEDS_GUIDE.test(answer({}, intent))).toBe(true)
  })

  it.each([
    'form',
    'open_form',
    'contact_me',
    'leave_contact',
    'schedule',
    'booking',
    'slot_picker',
    'handoff',
    'order',
    'buy',
    'product_carousel',
  ])('for the action %s, in an answer and when it is clicked', (action) => {
    expect(NEEDS_GUIDE.test(answer(acting(action)))).toBe(true)
    expect(NEEDS_GUIDE.test(action)).toBe(true)
  })

  it('for products, a product tag, choices at the end, a sentence about a form', () => {
    expect(NEEDS_GUIDE.test(answer({ products: [{ name: 'Mug' }] }))).toBe(true)
    expect(NEEDS_GUIDE.test(answer({}, 'browsing', 'Look [PRODUCT:{"name":"Mug"}]'))).toBe(true)
    expect(NEEDS_GUIDE.test(answer({}, 'browsing', 'Which?\n- One\n- Two'))).toBe(true)
    expect(NEEDS_GUIDE.test(answer({}, 'browsing', 'Please fill in the form.'))).toBe(true)
  })
})

describe('the guide is not needed', () => {
  it.each(['browsing', 'information_seeking', 'support_needed'])('for the intent %s', (intent) => {
    expect(NEEDS_GUIDE.test(answer({}, intent))).toBe(false)
  })

  it.each(['message', 'send_message', 'link', 'navigate', 'dismiss', 'quick_reply', 'call'])(
    'by the action %s',
    (action) => {
      expect(NEEDS_GUIDE.test(answer(acting(action)))).toBe(false)
    },
  )

  it('for a list of facts', () => {
    expect(NEEDS_GUIDE.test(answer({}, 'browsing', 'Open:\n\n- **Monday**: 9 to 5\n\nCome by.'))).toBe(false)
  })
})
