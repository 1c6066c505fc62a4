/** The shop's products and facts from one tracked file, so that the assistant and the demo shop agree. */
import data from './catalogue.json' with { type: 'json' }

export type Product = {
  id: string
  category: string
  name: string
  price: number
  sale?: number
  colour: string
  hue: number
  stock: number
  rating: number
  text: string
}

export const shop = data.shop
export const hours: readonly (readonly string[])[] = data.hours
export const categories = data.categories
export const products: readonly Product[] = data.products
export const orders: Readonly<Record<string, string>> = data.orders

export const euros = (amount: number): string => `€${amount.toFixed(2)}`
export const productUrl = (product: Product): string => `/product/${product.id}`
export const imageUrl = (product: Product): string => `/art/${product.id}.svg`

/**
 * Products that match the words, best first. A match counts most in the name, then in colour and category, then in
 * the text.
 */
export function findProducts(words: readonly string[]): Product[] {
  const scored = products.map((product) => ({ product, score: score(product, words) }))
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.product.price - b.product.price)
    .map(({ product }) => product)
}

function score(product: Product, words: readonly string[]): number {
  const name = product.name.toLowerCase()
  const text = product.text.toLowerCase()
  return words.reduce((sum, word) => {
    const stem = word.replace(/(es|s)$/, '')
    if (stem.length < 3) return sum
    if (name.includes(stem)) return sum + 4
    if (product.colour === word || product.category.includes(stem)) return sum + 3
    return text.includes(stem) ? sum + 1 : sum
  }, 0)
}
