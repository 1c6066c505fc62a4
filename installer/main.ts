/** The installer: a form of wishes on one side, the real widget on the other, and what to copy below. */
import { languages as spoken } from '../widget/launcher/options.ts'
import { inspect } from './inspect.ts'
import { moduleText, originOf, type Pin, policyText, tagText, type Wishes } from './tag.ts'
import { edgeOfPage, looksAlone, trustedPolicy } from './trusted.ts'

/** Long enough that a word is typed, short enough to feel live. */
const TYPING_MS = 400
const EXAMPLE = 'https://chat.example.com'

const find = <T extends Element>(selector: string, kind: new () => T): T => {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${selector}`)
}

const form = find('#wishes', HTMLFormElement)
const frame = find('#preview', HTMLIFrameElement)
const address = find('#address', HTMLInputElement)
const color = find('#primary-color', HTMLInputElement)
const picker = find('#picker', HTMLInputElement)
const pinBox = find('#pin', HTMLInputElement)
const status = find('#status', HTMLElement)
const trusted = trustedPolicy(`${edgeOfPage()}/widget.js`)
let pin: Pin | undefined
let typing = 0

/** The form's values by the tag's attributes; a colour that is none is left out and named. */
function readWishes(): Wishes {
  const values = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]))
  const wrong = values['primary-color'] !== '' && !CSS.supports('color', values['primary-color'] ?? '')
  color.setAttribute('aria-invalid', String(wrong))
  find('#color-error', HTMLElement).textContent = wrong ? 'This is not a CSS colour; try #6366f1.' : ''
  return { ...values, ...(wrong && { 'primary-color': '' }) }
}

const edge = (): string => originOf(address.value) ?? EXAMPLE

function write(wishes: Wishes): void {
  const pinned = pinBox.checked ? pin : undefined
  find('#tag', HTMLElement).textContent = tagText(edge(), wishes, pinned)
  find('#policy', HTMLElement).textContent = policyText(edge())
  find('#module', HTMLElement).textContent = moduleText(edge(), wishes)
}

function show(wishes: Wishes): void {
  const said = Object.entries(wishes).filter(([, value]) => value !== '')
  const url = `preview.html?${new URLSearchParams(said)}`
  status.textContent = looksAlone() ? 'Here you see its looks. It answers once it comes from your Worker.' : ''
  // Replaced, so that "back" leaves this page instead of undoing letters.
  if (frame.contentWindow) frame.contentWindow.location.replace(url)
}

function changed(): void {
  const wishes = readWishes()
  write(wishes)
  clearTimeout(typing)
  typing = window.setTimeout(() => show(wishes), TYPING_MS)
}

async function readPin(): Promise<void> {
  // The hash of your Worker's release is there, not here.
  if (looksAlone()) return
  const response = await fetch(`${edgeOfPage()}/integrity.json`).catch(() => undefined)
  const answer = response?.ok ? await response.json() : undefined
  const integrity: unknown = answer?.files?.['widget.js']
  if (typeof integrity !== 'string' || typeof answer.version !== 'string') return
  pin = { version: answer.version, integrity }
  pinBox.disabled = false
  find('#pin-version', HTMLElement).textContent = ` (${pin.version})`
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = document.querySelector(`#${button.dataset.copies}`)?.textContent ?? ''
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  find('#copied', HTMLElement).textContent = done
    ? `${button.textContent?.replace('Copy', 'Copied')}.`
    : 'The browser did not allow it: select the text and copy it.'
}

/** The HTML that was pasted, parsed into a document of its own and looked at there. */
function check(html: string): void {
  const list = find('#findings', HTMLUListElement)
  const page = new DOMParser().parseFromString(trusted.createHTML(html), 'text/html')
  const findings = html.trim() === '' ? [] : inspect(page, originOf(address.value))
  list.replaceChildren(
    ...findings.map(({ level, text }) => {
      const item = document.createElement('li')
      item.className = level
      const mark = document.createElement('strong')
      mark.textContent = { good: 'Good: ', warning: 'Look: ', bad: 'Change: ' }[level]
      item.append(mark, text)
      return item
    }),
  )
}

const names = new Intl.DisplayNames(['en'], { type: 'language' })
const languages = find('#language', HTMLSelectElement)
for (const code of spoken()) languages.append(new Option(names.of(code) ?? code, code))
if (!looksAlone()) address.value = edgeOfPage()

form.addEventListener('input', ({ target }) => {
  if (target === picker) color.value = picker.value
  else if (target === color && /^#[0-9a-f]{6}$/i.test(color.value)) picker.value = color.value
  changed()
})
form.addEventListener('submit', (event) => event.preventDefault())
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copies]'))
  button.addEventListener('click', () => void copy(button))
const pasted = find('#html', HTMLTextAreaElement)
for (const field of [pasted, address]) field.addEventListener('input', () => check(pasted.value))
address.addEventListener('input', () => write(readWishes()))
pinBox.addEventListener('change', () => write(readWishes()))
addEventListener('message', ({ origin, data }) => {
  const reason: unknown = origin === location.origin ? data?.unavailable : undefined
  if (typeof reason !== 'string') return
  status.textContent =
    reason === 'origin_not_allowed'
      ? `The widget says origin_not_allowed: add ${location.origin} to ALLOWED_ORIGINS of the Worker, and it answers here too.`
      : `The widget says ${reason}: the page on troubleshooting has what to do.`
})

void readPin()
write(readWishes())
show(readWishes())
