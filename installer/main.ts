/**
 * The installer: the form on one side, the tag and the real widget on the other, and other ways to load the widget
 * below.
 */
import { reach, readAddress } from './address.ts'
import { buildForm, readForm } from './form.ts'
import { inspect } from './inspect.ts'
import type { Told } from './preview.ts'
import { type ChosenOptions, managerText, moduleText, type Pin, placeOf, policyText, tagText } from './tag.ts'
import { edgeOfPage, looksAlone } from './trusted.ts'

/** Milliseconds after the last key before the page updates: long enough to type a word, short enough to feel live. */
const TYPING_MS = 400
/** Milliseconds that a button says "Copied". */
const COPIED_MS = 2500
const EXAMPLE = 'https://chat.example.com'

const find = <T extends Element>(selector: string, kind: new () => T): T => {
  const found = document.querySelector(selector)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${selector}`)
}

const form = find('#options', HTMLFormElement)
buildForm(form)
const frame = find('#preview', HTMLIFrameElement)
const address = find('#address', HTMLInputElement)
const colour = find('#primary-color', HTMLInputElement)
const picker = find('#picker', HTMLInputElement)
const swatch = find('#swatch', HTMLElement)
const pinBox = find('#pin', HTMLInputElement)
const status = find('#status', HTMLElement)
const pasted = find('#html', HTMLTextAreaElement)
let pin: Pin | undefined
let previewing = 0
let asking = 0
/** The origin whose answer is awaited. */
let asked: string | undefined

/** This page's own address belongs to an edge only if an edge serves the installer. */
const here = (): string | undefined => (edgeOfPage() === location.origin ? undefined : location.origin)
const typedEdge = (): string | undefined => readAddress(address.value, here()).origin

function write(chosen: ChosenOptions): void {
  const edge = typedEdge() ?? EXAMPLE
  const text = {
    tag: tagText(edge, chosen, pinBox.checked ? pin : undefined),
    policy: policyText(edge),
    manager: managerText(edge, chosen),
    module: moduleText(edge, chosen),
    'tag-note': noteOn(chosen),
  }
  for (const [id, value] of Object.entries(text)) find(`#${id}`, HTMLElement).textContent = value
}

/** What the owner must do besides pasting the tag. */
function noteOn(chosen: ChosenOptions): string {
  const place = placeOf(chosen)
  if (chosen.layout === 'inline')
    return place
      ? `Put the first line where you want the chat; leave it out if your page has an element #${place}.`
      : 'The page needs the element that the selector names.'
  if (chosen.load === 'manual') return 'Your script calls CatyWidget.init() to start the widget.'
  if (chosen.launcher === 'none') return 'Your button opens the chat: onclick="CatyWidget.open()".'
  if (chosen.consent === 'required') return 'Your consent banner calls CatyWidget.consent(true).'
  return ''
}

function show(chosen: ChosenOptions): void {
  const filledIn = Object.entries(chosen).filter(([, value]) => value !== '')
  const url = `preview.html?${new URLSearchParams(filledIn)}`
  status.textContent = looksAlone() ? 'Here you see its looks. It answers once it comes from your Worker.' : ''
  // Replaces the history entry, so that "back" leaves this page instead of undoing letters.
  if (frame.contentWindow) frame.contentWindow.location.replace(url)
}

function changed(): void {
  const chosen = readForm(form)
  write(chosen)
  clearTimeout(previewing)
  previewing = window.setTimeout(() => show(chosen), TYPING_MS)
}

function say(level: string, text: string): void {
  const said = find('#address-said', HTMLElement)
  said.className = level
  if (said.textContent !== text) said.textContent = text
  address.setAttribute('aria-invalid', String(level === 'bad'))
}

/** Shows a mistake in the typed address at once, and the state of the edge as soon as it is known. */
function addressChanged(): void {
  const { origin, said = '', wrong } = readAddress(address.value, here())
  clearTimeout(asking)
  if (origin !== asked) keepPin(undefined)
  asked = origin
  write(readForm(form))
  check(pasted.value)
  if (origin === undefined) {
    say(wrong ? 'bad' : '', said)
    return
  }
  say('', `${said} Looking …`.trim())
  asking = window.setTimeout(async () => {
    const { level, text, pin: found } = await reach(origin)
    if (asked !== origin) return
    keepPin(found)
    // If no edge answers, that is the one message to show.
    say(level, level === 'bad' ? text : `${text} ${said}`.trim())
  }, TYPING_MS)
}

/** The version that the Worker at this address has. */
function keepPin(found: Pin | undefined): void {
  pin = found
  pinBox.disabled = found === undefined
  if (!found) pinBox.checked = false
  find('#pin-version', HTMLElement).textContent = found ? ` (${found.version})` : ''
}

/** The copy buttons, each with its usual label. */
const labels = new Map(
  [...document.querySelectorAll<HTMLButtonElement>('[data-copies]')].map((button) => [button, button.textContent]),
)

async function copy(button: HTMLButtonElement): Promise<void> {
  const text = document.querySelector(`#${button.dataset.copies}`)?.textContent ?? ''
  const label = labels.get(button) ?? button.textContent
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  )
  button.textContent = done ? label.replace('Copy', 'Copied') : 'Not allowed: select it and copy'
  setTimeout(() => {
    button.textContent = label
  }, COPIED_MS)
}

/** Inspects the pasted HTML, which is read as text and never becomes a document. */
function check(html: string): void {
  const findings = html.trim() === '' ? [] : inspect(html, typedEdge())
  find('#findings', HTMLUListElement).replaceChildren(
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

/** Converts any CSS colour to the picker's form, `#rrggbb`. */
function hexOf(text: string): string {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d')
  if (!canvas) return picker.value
  canvas.fillStyle = text
  canvas.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** Gives the swatch the colour that the widget's own style sheet computed. */
function wear({ background, colour: on }: NonNullable<Told['launcher']>): void {
  swatch.style.setProperty('--launcher', background)
  swatch.style.setProperty('--on-launcher', on)
  picker.value = hexOf(background)
  swatch.ariaLabel = `The launcher is ${picker.value}`
}

form.addEventListener('input', ({ target }) => {
  if (target === picker) colour.value = picker.value
  changed()
})
form.addEventListener('submit', (event) => event.preventDefault())
for (const [button] of labels) button.addEventListener('click', () => void copy(button))
pasted.addEventListener('input', () => check(pasted.value))
address.addEventListener('input', addressChanged)
pinBox.addEventListener('change', () => write(readForm(form)))
addEventListener('message', ({ origin, source, data }: MessageEvent<Told>) => {
  if (origin !== location.origin || source !== frame.contentWindow) return
  if (data.launcher) wear(data.launcher)
  if (data.unavailable === undefined) return
  status.textContent =
    data.unavailable === 'origin_not_allowed'
      ? `The widget says origin_not_allowed: add ${location.origin} to ALLOWED_ORIGINS of the Worker, and it answers here too.`
      : `The widget says ${data.unavailable}: the page on troubleshooting has what to do.`
})

if (!looksAlone()) address.value = edgeOfPage()
addressChanged()
show(readForm(form))
