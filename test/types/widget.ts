/** What the published types allow, and what they refuse. Only compiled: `npm run types`. */
import { type CatyError, type CatyReply, load } from 'caty-keyless'

const widget = await load({ edge: 'https://chat.example.com', position: 'top-left', consent: 'required' })
const reply: CatyReply = await widget.sendMessage('Hello')
reply.response.suggested_actions.map(({ label }) => label.toUpperCase())
widget.on('message', ({ role, content }) => console.log(role === 'user', content.length))
widget.once('ready', (same) => same.open())
widget.off('message')
widget.configure({ colors: { primary: '#123' }, behavior: { proactiveDelay: 5000 }, features: { fileUpload: true } })
widget.configure({ strings: { placeholder: 'Ask us' } })
window.CatyWidget?.getMetrics()?.scrollDepth.toFixed()
CatyWidget.identify({ email: 'ana@example.com', customer: true })
CatyWidget.q.push(['open'])
window.addEventListener('caty:addToCart', ({ detail }) => console.log(detail.name))
window.CatyAI = { theme: 'dark', layout: 'sidebar' }
widget.sendMessage('Hello').catch((error: CatyError) => error.code)

// @ts-expect-error the edge is not optional: without it there is nothing to load from
load({ position: 'top-left' })
// @ts-expect-error four corners, no other place
load({ edge: 'https://chat.example.com', position: 'middle' })
// @ts-expect-error there is no such event
widget.on('opened', () => undefined)
// @ts-expect-error a message has no author
widget.on('message', ({ author }) => author)
// @ts-expect-error there is no key in the page, and nowhere to put one
load({ edge: 'https://chat.example.com', apiKey: 'caty_0123456789abcdef' })
