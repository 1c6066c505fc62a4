/**
 * The scripts of the site's pages: the search and the copy buttons. It makes every element by DOM calls, never from
 * HTML strings.
 */
import { type Found, find, readIndex } from '../search/find.ts'

/** Links for readers whose search finds nothing. */
const ELSEWHERE = [
  ['install.html', 'Install in ten minutes'],
  ['troubleshooting.html', 'Troubleshooting'],
  ['settings.html', 'Settings of the Worker'],
  ['index.html', 'All pages'],
] as const

const field = document.querySelector<HTMLInputElement>('.search input')
const list = document.querySelector<HTMLUListElement>('#found')
const count = document.querySelector('#count')
let index: Promise<ReturnType<typeof readIndex>> | undefined

/** The index loads when the reader types the first letter. */
const load = () => (index ??= fetch('search.json').then(async (response) => readIndex(await response.text())))

async function show(): Promise<void> {
  if (!field || !list || !count) return
  const question = field.value.trim()
  const found = question === '' ? [] : find(await load(), question)
  // The reader typed more while the index was loading.
  if (field.value.trim() !== question) return
  const nothing = question !== '' && found.length === 0
  count.textContent = question === '' ? '' : nothing ? `Nothing found for “${question}”. Try:` : `${found.length} found`
  count.classList.toggle('unseen', !nothing)
  list.hidden = question === ''
  list.replaceChildren(...(nothing ? ELSEWHERE.map(([href, title]) => item(link(href, title))) : found.map(result)))
}

function result({ href, title, page, excerpt }: Found): HTMLLIElement {
  const anchor = link(href, title)
  const where = make('small', title === page ? '' : page)
  const text = make('span', '')
  text.append(...excerpt.map(({ text: words, marked }) => (marked ? make('mark', words) : words)))
  anchor.append(' ', where, text)
  return item(anchor)
}

function make(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}

function link(href: string, text: string): HTMLAnchorElement {
  const anchor = document.createElement('a')
  anchor.href = href
  anchor.append(make('b', text))
  return anchor
}

function item(content: HTMLElement): HTMLLIElement {
  const entry = document.createElement('li')
  entry.append(content)
  return entry
}

field?.addEventListener('input', () => void show())
field?.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') {
    event.preventDefault()
    list?.querySelector('a')?.focus()
  }
  if (event.key === 'Escape') {
    field.value = ''
    void show()
  }
})
// Arrow keys move through the results, and Escape returns to the field.
list?.addEventListener('keydown', (event) => {
  const links = [...list.querySelectorAll('a')]
  const at = links.findIndex((each) => each.matches(':focus'))
  const next =
    event.key === 'ArrowDown' ? links[at + 1] : event.key === 'ArrowUp' ? (links[at - 1] ?? field) : undefined
  if (event.key === 'Escape') field?.focus()
  if (!next) return
  event.preventDefault()
  next.focus()
})
document.querySelector('.search')?.addEventListener('submit', (event) => {
  event.preventDefault()
  list?.querySelector('a')?.click()
})

/** A page over plain HTTP has no clipboard, so it gets no copy buttons. */
function addCopyButton(block: Element): void {
  const button = make('button', 'Copy')
  button.setAttribute('type', 'button')
  button.setAttribute('aria-label', 'Copy this example')
  const said = document.querySelector('#copied')
  button.addEventListener('click', async () => {
    const copied = await navigator.clipboard.writeText((block.textContent ?? '').trimEnd()).then(
      () => true,
      () => false,
    )
    button.textContent = copied ? 'Copied' : 'Not copied'
    if (said) said.textContent = copied ? 'The example was copied.' : 'The browser does not allow copying here.'
  })
  button.addEventListener('blur', () => {
    button.textContent = 'Copy'
    if (said) said.textContent = ''
  })
  block.after(button)
}
if (navigator.clipboard) for (const block of document.querySelectorAll('.code pre')) addCopyButton(block)
