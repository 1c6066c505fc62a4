/** Pictures of the products, drawn from their kind and colour. */
import type { Product } from '../catalogue.ts'

const SHAPES: Readonly<Record<string, string>> = {
  mugs: '<path d="M105 110h110v95a35 35 0 0 1-35 35h-40a35 35 0 0 1-35-35z"/><path d="M215 130h18a28 28 0 0 1 0 66h-18" fill="none" stroke-width="14" class="line"/><ellipse cx="160" cy="110" rx="55" ry="13" class="rim"/>',
  plates: '<ellipse cx="160" cy="185" rx="105" ry="46"/><ellipse cx="160" cy="178" rx="72" ry="29" class="rim"/>',
  textiles:
    '<path d="M85 95h150v140l-18 12-18-12-18 12-18-12-18 12-18-12-18 12-24-12z"/><path d="M85 130h150M85 165h150M85 200h150" fill="none" stroke-width="6" class="line"/>',
  kitchen:
    '<rect x="95" y="120" width="130" height="110" rx="14"/><circle cx="160" cy="148" r="10" class="rim"/><path d="M115 175h90M115 195h70" fill="none" stroke-width="5" class="line"/>',
}

/** An SVG picture of 320 × 320. */
export function productArt(product: Product): string {
  const saturation = product.colour === 'grey' || product.colour === 'white' ? 8 : 38
  const light = product.colour === 'white' ? 88 : 55
  const colour = (lightness: number, chroma = saturation) => `hsl(${product.hue} ${chroma}% ${lightness}%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" fill="${colour(light)}" stroke="${colour(light - 14)}">
<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colour(95, 22)}"/><stop offset="1" stop-color="${colour(86, 20)}"/></linearGradient></defs>
<rect width="320" height="320" fill="url(#g)" stroke="none"/><ellipse cx="160" cy="248" rx="92" ry="12" fill="${colour(72, 18)}" stroke="none"/>
${(SHAPES[product.category] ?? SHAPES.kitchen ?? '').replaceAll('class="rim"', `fill="${colour(light + 9)}"`).replaceAll('class="line"', `stroke="${colour(light - 14)}"`)}
</svg>`
}
