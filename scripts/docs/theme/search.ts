/** The search of the site: an index that loads with the first letter, results as links, no HTML from strings. */
import MiniSearch from 'minisearch'
import { SEARCH_OPTIONS, type Section } from '../search-options.ts'

const MOST = 12

const field = document.querySelector<HTMLInputElement>('.search input')
const list = document.querySelector<HTMLUListElement>('#found')
const count = document.querySelector('#count')
let index: Promise<MiniSearch<Section>> | undefined

const load = (): Promise<MiniSearch<Section>> =>
  (index ??= fetch('search.json')
    .then((response) => response.text())
    .then((text) => MiniSearch.loadJSON<Section>(text, SEARCH_OPTIONS)))

async function show(): Promise<void> {
  if (!field || !list || !count) return
  const query = field.value.trim()
  const found = query === '' ? [] : (await load()).search(query).slice(0, MOST)
  // Somebody typed on while the index was loading.
  if (field.value.trim() !== query) return
  list.replaceChildren(...found.map(({ id, title, page }) => entry(String(id), String(title), String(page))))
  list.hidden = found.length === 0
  count.textContent = query === '' ? '' : found.length === 0 ? 'Nothing found' : `${found.length} found`
  count.classList.toggle('unseen', found.length > 0 || query === '')
}

function entry(href: string, title: string, page: string): HTMLLIElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = href
  const where = document.createElement('small')
  where.textContent = page
  link.append(title, ' ', where)
  item.append(link)
  return item
}

field?.addEventListener('input', () => void show())
field?.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown') list?.querySelector('a')?.focus()
  if (event.key === 'Escape' && field) {
    field.value = ''
    void show()
  }
})
// Arrows walk through what was found, and Escape leads back to the field.
list?.addEventListener('keydown', (event) => {
  const links = [...list.querySelectorAll('a')]
  const at = links.findIndex((link) => link.matches(':focus'))
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
