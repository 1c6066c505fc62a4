/**
 * The shop assistant: what it understands and what it replies. It is deterministic, so that tests can use its
 * conversations.
 */
import {
  categories,
  euros,
  findProducts,
  hours,
  imageUrl,
  orders,
  type Product,
  products,
  productUrl,
  shop,
} from './catalogue.ts'

export type Action = { label: string; action?: string; url?: string; payload?: object }
export type Reply = {
  content: string
  intent: string
  confidence: number
  leadScore: number
  actions: Action[]
  products: object[]
  lead?: Record<string, string>
}

type Topic = { intent: string; words: RegExp; answer: (text: string) => Partial<Reply> & { content: string } }

const say = (label: string): Action => ({ label, action: 'message' })

const TOPICS: readonly Topic[] = [
  {
    intent: 'support_needed',
    words: /\b(order|parcel|tracking|delivered|TT-\d+)\b/i,
    answer: (text) => {
      const number = /\bTT-\d{4}\b/i.exec(text)?.[0].toUpperCase()
      if (number === undefined) {
        return {
          content: 'Happy to look that up. What is your **order number**? It begins with `TT-`, for example TT-1042.',
          actions: [say('TT-1042')],
        }
      }
      const state = orders[number]
      return state === undefined
        ? {
            content: `I find no order ${number}. Would you check the number on your confirmation?`,
            actions: [{ label: 'Talk to a person', action: 'handoff' }],
          }
        : { content: `Your order **${number}** ${state}.`, actions: [say('Thanks!')] }
    },
  },
  {
    intent: 'support_needed',
    words: /\b(human|person|agent|someone|call me|phone)\b/i,
    answer: () => ({
      content: `Of course. You reach us on ${shop.phone} or at ${shop.email}, or we call you back.`,
      actions: [
        { label: 'Talk to a person', action: 'handoff' },
        { label: 'Call us', action: 'call', payload: { phone: shop.phone } },
      ],
    }),
  },
  {
    intent: 'information_seeking',
    words: /\b(open|opening|hours|closed|when)\b/i,
    answer: () => ({
      content: `We are open:\n\n${hours.map(([days, time]) => `- **${days}**: ${time}`).join('\n')}\n\nThe workshop is at the old pier; you can watch.`,
      actions: [say('Where is the workshop?'), say('How long does shipping take?')],
    }),
  },
  {
    intent: 'information_seeking',
    words: /\b(ship|shipping|deliver|delivery|postage)\b/i,
    answer: () => ({
      content:
        'Shipping takes **2 to 4 working days** in Europe and is free from €60. Breakages are replaced without a question.',
      actions: [say('What about returns?'), say('Show me your mugs')],
    }),
  },
  {
    intent: 'information_seeking',
    words: /\b(return|returns|refund|exchange)\b/i,
    answer: () => ({
      content:
        'You have 30 days. Pack it as it came, write to us, and we send a label.\n\n1. Tell us your order number\n2. Print the label\n3. Drop it at any post office',
      actions: [say('Order status')],
    }),
  },
  {
    intent: 'booking_request',
    words: /\b(book|appointment|schedule)\b/i,
    answer: () => ({
      content: 'A visit takes about an hour and costs nothing. Which day suits you?',
      actions: [{ label: 'Choose a time', action: 'schedule' }],
    }),
  },
  {
    intent: 'information_seeking',
    words: /\b(where|address|location|workshop|visit)\b/i,
    answer: () => ({
      content: 'The workshop is at **The Old Pier 3**, with a kettle on. See our [contact page](/contact).',
      actions: [
        { label: 'Contact page', action: 'link', url: '/contact' },
        { label: 'Book a visit', action: 'schedule' },
      ],
    }),
  },
  {
    intent: 'pricing_inquiry',
    words: /\b(quote|wholesale|restaurant|bulk|discount)\b/i,
    answer: () => ({
      content: 'For ten pieces or more we make an offer of our own. Tell us what you need and where to reach you.',
      actions: [{ label: 'Ask for an offer', action: 'open_form', payload: { form_type: 'quote_request' } }],
      leadScore: 70,
    }),
  },
  {
    intent: 'support_needed',
    words: /\b(contact|form|newsletter|email)\b/i,
    answer: () => ({
      content: 'Leave us your name and e-mail, and a person writes back within a day.',
      actions: [{ label: 'Contact form', action: 'open_form', payload: { form_type: 'contact' } }],
    }),
  },
  {
    intent: 'complaint',
    words: /\b(broken|broke|cracked|unhappy|angry|complain)\b/i,
    answer: () => ({
      content: 'I am sorry. That should not happen, and we replace it. Would you like to talk to a person right away?',
      actions: [{ label: 'Talk to a person', action: 'handoff' }, say('Start a return')],
    }),
  },
]

const HELLO = /^\s*(hi|hello|hey|good (morning|evening|afternoon)|hallo|bonjour|hola|ciao)\b/i
const THANKS = /\b(thanks|thank you|cheers|great|perfect|bye)\b/i

const ADDRESS = /[^\s@<>,;]+@[^\s@<>,;]+\.[a-z]{2,}/i
const NAMED = /\b(?:[Ii] am|[Ii]'m|[Mm]y name is|[Tt]his is)\s+(\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*)?)/u

/** Visitors who leave an address want to hear from the shop. */
function contact(text: string): Reply | undefined {
  const email = ADDRESS.exec(text)?.[0].replace(/[.]+$/, '')
  if (email === undefined) return undefined
  const name = NAMED.exec(text)?.[1]
  return complete('purchase_intent', {
    content: `Thank you${name ? `, ${name}` : ''}! We write to **${email}** within a day.`,
    actions: [say('Show me your mugs')],
    leadScore: 80,
    lead: { email, ...(name && { name }) },
  })
}

const WANTS = /\b(buy|order|purchase|take|want|reserve|would like)\b/i

/** The assistant's reply to one message. */
export function answer(text: string): Reply {
  const left = contact(text)
  if (left) return left
  const found = TOPICS.find((topic) => topic.words.test(text))
  const goods = productAnswer(text)
  // Visitors who only look are not asked for an address yet.
  if (goods && !found) return complete(WANTS.test(text) ? 'purchase_intent' : 'information_seeking', goods)
  if (found) return complete(found.intent, found.answer(text))
  if (HELLO.test(text)) return complete('browsing', { content: greeting, actions: starters })
  if (THANKS.test(text))
    return complete('browsing', {
      content: 'You are welcome. Come back any time!',
      actions: [{ label: 'Close', action: 'dismiss' }],
    })
  return complete('browsing', {
    content: 'I did not quite get that, sorry. I know our pots, our hours, shipping, returns and your orders.',
    actions: starters,
    confidence: 0.3,
  })
}

export const greeting = `Hello! I am Mara from **${shop.name}**. What are you looking for?`
const starters: Action[] = [say('Show me your mugs'), say('When are you open?'), say('Where is my order?')]

function complete(intent: string, reply: Partial<Reply> & { content: string }): Reply {
  return { intent, confidence: 0.92, leadScore: 20, actions: [], products: [], ...reply }
}

/** Finds names, colours, categories and a highest price: “a blue mug under 25”. */
function productAnswer(text: string): (Partial<Reply> & { content: string }) | undefined {
  const limit = Number(
    /\b(?:under|below|less than|up to|max)\s*€?\s*(\d+)/i.exec(text)?.[1] ?? Number.POSITIVE_INFINITY,
  )
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  const named = categories.find((category) =>
    words.some((word) => category.id.startsWith(word.replace(/s$/, '')) && word.length > 3),
  )
  const pool = findProducts(words).filter((product) => (product.sale ?? product.price) <= limit)
  const fallback = named ? products.filter((product) => product.category === named.id) : []
  const chosen = (pool.length > 0 ? pool : fallback).slice(0, 4)
  if (chosen.length === 0) return undefined
  const lines = chosen.map(
    (product) =>
      `- [${product.name}](${productUrl(product)}), **${euros(product.sale ?? product.price)}**${product.stock === 0 ? ' (sold out)' : ''}`,
  )
  return {
    content: `Here is what I would show you:\n\n${lines.join('\n')}`,
    products: chosen.map(card),
    actions: [say('How long does shipping take?'), say('Anything cheaper?')],
    leadScore: 55,
  }
}

/** A product in the shape that was observed from Caty. */
function card(product: Product): object {
  return {
    sku: product.id,
    name: product.name,
    description: product.text,
    price: product.price,
    ...(product.sale !== undefined && { sale_price: product.sale }),
    currency: shop.currency,
    image_url: imageUrl(product),
    product_url: productUrl(product),
    in_stock: product.stock > 0,
    rating: product.rating,
    category: product.category,
  }
}
