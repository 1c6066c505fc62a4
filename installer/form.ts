/** The form of choices: made from the table, read into wishes, and what does not fit named beside its field. */
import { languages, readOptions } from '../widget/launcher/options.ts'
import { CHOICES, type Choice, GROUPS } from './choices.ts'
import { camel, type Wishes } from './tag.ts'

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

/** Makes an element with what it holds. */
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

/** A group above that closes takes the one that was opened along, out of sight. */
function keepInView(group: HTMLDetailsElement): void {
  const { top, height } = group.getBoundingClientRect()
  if (!group.open || top >= 0) return
  // From the start of the page where it fits, with the tag and the preview beside it.
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

/** A launcher as the widget draws it, and the browser's own way to pick a colour. */
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

/** The wishes by the tag's attributes. What does not fit is left out and named beside its field. */
export function readForm(form: HTMLFormElement): Wishes {
  const given = new FormData(form)
  const value = (name: string) => `${given.get(name) ?? ''}`.trim()
  const wishes: Record<string, string> = {}
  for (const { name, kind, when } of CHOICES) {
    const field = document.getElementById(name)
    const asked = when === undefined || value(when[0]) === when[1]
    field?.closest('.field')?.toggleAttribute('hidden', !asked)
    const wish = asked ? value(name) : ''
    const wrong = wish !== '' && !fits(name, wish)
    if (kind !== 'corners') {
      field?.setAttribute('aria-invalid', `${wrong}`)
      const said = document.getElementById(`${name}-said`)
      const text = wrong ? (WRONG[name] ?? WRONG[kind] ?? 'This does not fit.') : ''
      // Said again for each letter it would be tiring.
      if (said && said.textContent !== text) said.textContent = text
    }
    wishes[name] = wrong ? '' : wish
  }
  return wishes
}

/** As the widget itself reads it. */
function fits(name: string, wish: string): boolean {
  if (name === 'target') return isSelector(wish)
  const option = camel(name)
  return option in readOptions({ [option]: wish })
}

function isSelector(text: string): boolean {
  try {
    document.createDocumentFragment().querySelector(text)
    return true
  } catch {
    return false
  }
}
