/** The receiver's page: shows events from server-sent events as text, never as HTML. */
import type { ShownEvent } from './shown.ts'

const list = document.querySelector('#events')
const state = document.querySelector('#state')
const empty = document.querySelector<HTMLElement>('#empty')
let verified = 0
let refused = 0

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  if (className) made.className = className
  return made
}

const printable = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function card({ id, at, event }: ShownEvent): HTMLElement {
  const item = document.createElement('li')
  const heading = element('h2', String(event.event))
  heading.append(element('span', 'verified', 'verified'))
  const members = document.createElement('dl')
  for (const [name, value] of Object.entries(Object(event.data))) {
    if (value === '' || value === null) continue
    members.append(element('dt', name), element('dd', printable(value)))
  }
  item.append(heading, element('p', `${new Date(at).toLocaleTimeString()} · ${id}`, 'meta'), members)
  return item
}

function report(text: string): void {
  if (state) state.textContent = text
}
const summary = () => `Listening. ${verified} verified${refused === 0 ? '' : `, ${refused} refused`}.`

const stream = new EventSource('/events')
stream.addEventListener('open', () => report(summary()))
stream.addEventListener('error', () => report('The connection is lost; trying again …'))
stream.addEventListener('refused', ({ data }) => {
  refused = Number(data)
  report(summary())
})
stream.addEventListener('webhook', ({ data }) => {
  const shown: ShownEvent = JSON.parse(data)
  verified += 1
  if (empty) empty.hidden = true
  list?.prepend(card(shown))
  report(summary())
})
