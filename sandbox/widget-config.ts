/** The configuration that the stand-in gives to the widget. */

import { greeting } from './assistant.ts'
import { shop } from './catalogue.ts'

export const widgetConfig = {
  widget_id: 'wgt_demo',
  business: { name: shop.name, type: 'pottery shop', phone: shop.phone, contact_url: '/contact' },
  persona: { name: 'Mara', role: 'Shop assistant', tone: 'friendly' },
  appearance: { theme: 'auto', position: 'bottom-right', colors: { primary: '#0f5c6e' }, powered_by: true },
  behavior: {
    greeting: { message: greeting.replaceAll('**', ''), show_on_load: false },
    proactive: { enabled: false },
  },
  capabilities: {
    answer_questions: true,
    handoff_human: true,
    capture_leads: false,
    lead_capture_fields: ['name', 'email'],
    file_upload: false,
  },
}
