/**
 * Bare web and e-mail addresses in a text: where one begins and where it ends. The rules are GFM's extended autolinks,
 * and those that GFM lacks for scripts without spaces between words.
 */

import type { Address } from '../../panel/slots.ts'

/**
 * A web address at the start of a text. Letters of any script belong to it, punctuation and symbols only if they are
 * ASCII: 。），、」… end it. A Chinese, Japanese, Korean or Thai word directly after a Latin letter or a digit ends it too:
 * the text goes on in `https://shop.example/guideをご覧`, the address goes on in `https://ja.wikipedia.org/wiki/東京`.
 */
const WEB =
  /^(?:https?:\/\/|www\.)(?:[!-;=?-~]|(?!(?<=[a-z\d])[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}])(?![ -~])[\p{L}\p{M}\p{N}\p{Pd}\p{Pc}])+/iu
const NAMED = /^(?:https?:\/\/|www\.)[^/?#]/i
const MAIL = /^(?:mailto:)?([a-z\d][\w.+-]{0,63}@[a-z\d_-]+(?:\.[a-z\d_-]*[a-z\d])+)(?![\w-])/i

/** Where an address may begin. */
const START = /https?:\/\/|(?<![^\s*_~(])www\.|mailto:|(?<![a-z\d])[a-z\d][\w.+-]{0,63}@/gi

/** Punctuation that ends a sentence, not an address. */
const TRAILING = /[?!.,:;*_~'"`|\\]|(?!-)\p{Pd}/u
const BRACKETS = new Map([
  [')', /[()]/g],
  [']', /[[\]]/g],
  ['}', /[{}]/g],
])

/** The address that the text begins with, if it begins with one. */
export function addressAt(text: string): Address | undefined {
  const mail = MAIL.exec(text)
  if (mail) return { text: mail[0], href: `mailto:${mail[1]}` }
  const found = trimmed(WEB.exec(text)?.[0] ?? '')
  return NAMED.test(found) ? { text: found, href: /^www/i.test(found) ? `http://${found}` : found } : undefined
}

/** Without the punctuation after it. A closing bracket belongs to the address only where the address opens it. */
function trimmed(address: string): string {
  const excess = new Map<string, number>()
  for (const [bracket, pair] of BRACKETS) {
    const both = address.match(pair) ?? []
    const closing = both.filter((each) => each === bracket).length
    excess.set(bracket, 2 * closing - both.length)
  }
  let end = address.length
  for (; end > 0; end--) {
    const last = address[end - 1] ?? ''
    const more = excess.get(last) ?? 0
    if (more > 0) excess.set(last, more - 1)
    else if (!TRAILING.test(last)) break
  }
  return address.slice(0, end)
}

/** The text in its order, cut into addresses and what stands between them. */
export function splitAddresses(text: string): (string | Address)[] {
  const parts: (string | Address)[] = []
  let last = 0
  for (const { index } of text.matchAll(START)) {
    const address = index >= last ? addressAt(text.slice(index)) : undefined
    if (!address) continue
    parts.push(text.slice(last, index), address)
    last = index + address.text.length
  }
  return [...parts, text.slice(last)]
}
