/** The form of choices: builds it from the table, reads the options, and shows each mistake beside its field. */
import { languages, readOptions } from '../widget/launcher/options.ts'
import { CHOICES, type Choice, GROUPS } from './choices.ts'
import { type ChosenOptions, camel } from './tag.ts'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Makes an element with these children. */
function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  members: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name)
  Object.assign(element, members)
  element.append(...children)
  return element
}

/** Fills the form. The first group is open; opening another closes it. */
export function buildForm(form: HTMLFormElement): void {
  GROUPS.forEach(({ title, choices }, at) => {
    const group = make('details', { name: 'choices', open: at === 0 }, make('summary', {}, title))
    group.addEventListener('toggle', () => keepInView(group))
    form.append(group)
    group.append(make('div', { className: 'choices' }, ...choices.map(drawn)))
  })
}

/** Keeps an opened group in view: a group above it that closes would move it out of view. */
function keepInView(group: HTMLDetailsElement): void {
  const { top, height } = group.getBoundingClientRect()
  if (!group.open || top >= 0) return
  // Scrolls to the start of the page if the group fits there, with the tag and the preview beside it.
  if (scrollY + top + height <= innerHeight) scrollTo({ top: 0 })
  else group.scrollIntoView()
}

function drawn(choice: Choice): HTMLElement {
  const { name, label, hint, kind } = choice
  if (kind === 'corners') {
    const corners = choice.options.map(([value, text]) =>
      make('label', {}, make('input', { type: 'radio', name, value, checked: value === '' }), text),
    )
    return make('fieldset', {}, make('legend', {}, label), make('div', { className: 'corners' }, ...corners))
  }
  const field = fieldOf(choice)
  Object.assign(field, { id: name, name, className: kind })
  const said = make('p', { id: `${name}-said`, className: 'error' })
  said.setAttribute('role', 'status')
  field.setAttribute('aria-describedby', hint ? `${name}-said ${name}-hint` : `${name}-said`)
  const control = kind === 'colour' ? make('div', { className: 'pair' }, ...colourTools(), field) : field
  return make(
    'div',
    { className: 'field' },
    make('label', { htmlFor: name }, label),
    control,
    said,
    ...(hint ? [make('p', { id: `${name}-hint`, className: 'hint' }, hint)] : []),
  )
}

function fieldOf(choice: Choice): Field {
  switch (choice.kind) {
    case 'one':
    case 'corners':
      return make('select', {}, ...choice.options.map(([value, text]) => new Option(text, value)))
    case 'language': {
      const names = new Intl.DisplayNames(['en'], { type: 'language' })
      const spoken = languages().map((code) => new Option(names.of(code) ?? code, code))
      return make('select', {}, new Option('As the page', ''), ...spoken)
    }
    case 'lines':
      return make('textarea', { rows: 2, maxLength: 500, placeholder: choice.placeholder ?? '' })
    case 'number':
      return make('input', { type: 'text', inputMode: 'numeric', placeholder: choice.placeholder })
    case 'colour':
      return make('input', { type: 'text', placeholder: 'as Caty’s dashboard says', spellcheck: false })
    case 'line':
      return make('input', {
        type: 'text',
        placeholder: choice.placeholder ?? '',
        value: choice.initial ?? '',
        spellcheck: false,
      })
  }
}

/** Draws a launcher as the widget does, and the browser's own colour picker. */
function colourTools(): HTMLElement[] {
  const swatch = make('span', { id: 'swatch' })
  swatch.setAttribute('role', 'img')
  const picker = make('input', { id: 'picker', type: 'color', value: '#4f46e5', ariaLabel: 'Pick a colour' })
  return [swatch, picker]
}

const WRONG: Readonly<Record<string, string>> = {
  'primary-color': 'This is not a CSS colour; try #6366f1.',
  target: 'This is not a CSS selector; try #chat.',
  'widget-id': 'An id has letters, digits, - and _ only.',
  number: 'A whole number without a sign, like 20.',
}

/** Reads the options by the attributes of the tag. An invalid value is left out and reported beside its field. */
export function readForm(form: HTMLFormElement): ChosenOptions {
  const given = new FormData(form)
  const value = (name: string) => `${given.get(name) ?? ''}`.trim()
  const chosen: Record<string, string> = {}
  for (const { name, kind, when } of CHOICES) {
    const field = document.getElementById(name)
    const asked = when === undefined || value(when[0]) === when[1]
    field?.closest('.field')?.toggleAttribute('hidden', !asked)
    const typed = asked ? value(name) : ''
    const wrong = typed !== '' && !fits(name, typed)
    if (kind !== 'corners') {
      field?.setAttribute('aria-invalid', `${wrong}`)
      const said = document.getElementById(`${name}-said`)
      const text = wrong ? (WRONG[name] ?? WRONG[kind] ?? 'This does not fit.') : ''
      // A screen reader would repeat the sentence after every letter.
      if (said && said.textContent !== text) said.textContent = text
    }
    chosen[name] = wrong ? '' : typed
  }
  return chosen
}

/** Parses the value as the widget itself does. */
function fits(name: string, typed: string): boolean {
  if (name === 'target') return isSelector(typed)
  const option = camel(name)
  return option in readOptions({ [option]: typed })
}

function isSelector(text: string): boolean {
  try {
    document.createDocumentFragment().querySelector(text)
    return true
  } catch {
    return false
  }
}
