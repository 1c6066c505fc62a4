/** The pages of the demo shop. */
import { categories, euros, hours, imageUrl, type Product, products, productUrl, shop } from '../catalogue.ts'
import { type Html, html } from './html.ts'

export type Page = { status: 200 | 404; html: string }
type Content = { title: string; body: Html }

/**
 * The tag as an owner pastes it, with attributes from the address: `/?data-language=ar` shows the shop with that
 * attribute.
 */
function tag(edge: string, added: URLSearchParams): Html {
  const attributes = Object.entries({
    'data-position': 'bottom-right',
    'data-theme': 'auto',
    ...Object.fromEntries(added),
  }).filter(([name]) => /^data-[a-z-]+$/.test(name))
  return html`<script async src="${edge}/widget.js"${attributes.map(([name, value]) => html` ${name}="${value}"`)}></script>`
}

/** The page of a path, with the widget on it. */
export function renderPage({ pathname, searchParams }: URL, edge: string): Page {
  const content = contentOf(pathname, edge)
  const script = tag(edge, searchParams)
  const { title, body } = content ?? missing
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${title} · ${shop.name}</title>
<meta name="description" content="${shop.tagline}">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/art/cup-foam.svg">
${script}
</head>
<body>
<a class="skip" href="#main">Skip to the goods</a>
<header class="top"><a class="brand" href="/">${shop.name}</a>
<nav aria-label="Shop">${categories.map((category) => html`<a href="/category/${category.id}">${category.name}</a>`)}<a href="/contact">Contact</a><a class="bag" href="/checkout">Bag</a></nav></header>
<main id="main">${body}</main>
<aside class="tag" aria-label="About this demo"><div><strong>This is the tag of this page</strong><pre tabindex="0"><code>${script.text}</code></pre><p>No key in it, and none anywhere else on this page: <a href="/how-it-works">see for yourself</a>.</p></div></aside>
<footer class="foot"><p>${shop.name}, a shop that does not exist. ${shop.tagline}.</p></footer>
</body>
</html>`
  return { status: content ? 200 : 404, html: page.text }
}

function contentOf(path: string, edge: string): Content | undefined {
  if (path === '/') return home
  if (path === '/contact') return contact
  if (path === '/checkout') return checkout
  if (path === '/how-it-works') return howItWorks(edge)
  const [, kind, id] = /^\/(category|product)\/([\w-]+)$/.exec(path) ?? []
  if (kind === 'category') return categoryPage(id ?? '')
  if (kind === 'product') return productPage(id ?? '')
  return undefined
}

const price = (product: Product): Html =>
  product.sale === undefined
    ? html`<span class="price">${euros(product.price)}</span>`
    : html`<span class="price">${euros(product.sale)} <s>${euros(product.price)}</s></span>`

const card = (product: Product): Html =>
  html`<li><a class="card" href="${productUrl(product)}"><img src="${imageUrl(product)}" alt="" width="320" height="320" loading="lazy"><span class="name">${product.name}</span>${price(product)}</a></li>`

const shelf = (goods: readonly Product[]): Html => html`<ul class="shelf">${goods.map(card)}</ul>`

const home: Content = {
  title: 'Home',
  body: html`<section class="hero"><div><h1>${shop.tagline}.</h1><p>Stoneware, linen and oak from a workshop on the old pier. Ask Mara in the corner, she knows every piece.</p><a class="button" href="/category/mugs">See the mugs</a></div><img src="/art/bowl-tide.svg" alt="A wide blue serving bowl" width="320" height="320"></section>
<h2>Loved this month</h2>${shelf([...products].sort((a, b) => b.rating - a.rating).slice(0, 8))}`,
}

function categoryPage(id: string): Content | undefined {
  const category = categories.find((known) => known.id === id)
  if (!category) return undefined
  return {
    title: category.name,
    body: html`<h1>${category.name}</h1><p class="intro">${category.intro}</p>${shelf(products.filter((product) => product.category === id))}`,
  }
}

function productPage(id: string): Content | undefined {
  const product = products.find((known) => known.id === id)
  if (!product) return undefined
  const stock =
    product.stock === 0
      ? 'Sold out, back in three weeks'
      : product.stock < 6
        ? `Only ${product.stock} left`
        : 'In stock'
  return {
    title: product.name,
    body: html`<article class="product"><img src="${imageUrl(product)}" alt="${product.name}" width="320" height="320"><div><h1>${product.name}</h1>${price(product)}<p>${product.text}</p><p class="stock">${stock} · rated ${product.rating} of 5</p><a class="button" href="/checkout">Put into the bag</a></div></article>
<h2>Goes well with it</h2>${shelf(products.filter((other) => other.category === product.category && other.id !== id).slice(0, 4))}`,
  }
}

const field = (name: string, label: string, autocomplete: string, type = 'text'): Html =>
  html`<label>${label}<input name="${name}" type="${type}" autocomplete="${autocomplete}"></label>`

const checkout: Content = {
  title: 'Checkout',
  body: html`<h1>Checkout</h1><p class="intro">Nothing is sold here; the form is what a chat widget has to live beside.</p>
<form class="form" action="/checkout" method="get">${field('name', 'Name', 'name')}${field('email', 'E-mail', 'email', 'email')}${field('street', 'Street', 'street-address')}${field('card', 'Card number', 'cc-number')}<button class="button">Pay nothing</button></form>`,
}

const contact: Content = {
  title: 'Contact',
  body: html`<h1>Contact</h1><p class="intro">The Old Pier 3 · ${shop.phone} · ${shop.email}</p>
<table><caption>Opening hours</caption>${hours.map(([days = '', time = '']) => html`<tr><th scope="row">${days}</th><td>${time}</td></tr>`)}</table>`,
}

const howItWorks = (edge: string): Content => ({
  title: 'How it works',
  body: html`<h1>Where is the key?</h1><div class="prose"><p>Open the developer tools and look. The page loads <code>${edge}/widget.js</code>, which asks <code>${edge}/token</code> for a token of five minutes. When you open the chat, the browser makes a key pair that cannot leave it, and the token is bound to that.</p>
<p>Copy the token and use it elsewhere: it is refused. Search the HTML, the network panel and the storage for <code>caty_</code>: there is nothing to find. The key lives in the Worker, which is the only one to talk to Caty.</p></div>`,
})

const missing: Content = {
  title: 'Not found',
  body: html`<h1>Lost at sea</h1><p class="intro">This page is not here. <a href="/">Back to the pier</a>.</p>`,
}
