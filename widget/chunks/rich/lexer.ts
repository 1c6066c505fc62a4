/**
 * Markdown to tokens: the lexer of `marked` (CommonMark and GFM), and what a chat needs beside it. HTML is text, bare
 * addresses end where address.ts says, emphasis works in scripts without spaces, and the time grows with the length of
 * the text and not with its square.
 */

import { Lexer, type MarkedToken, type Token, Tokenizer, type Tokens, type TokensList } from 'marked'
import { cut } from '../../chunk-api/cut.ts'
import type { LinkTools } from '../../panel/slots.ts'

/** Quotes, lists and emphasis in one another. What is deeper stays text: each level reads its text once more. */
const DEPTH = 12
/**
 * Characters. The search for the other end of a mark takes the square of a paragraph's length, so a longer paragraph is
 * read in pieces.
 */
const PIECE = 2000

type FindAddress = LinkTools['addressAt']

const BREAK = /^<br *\/?>/i
/** Letters and punctuation of Chinese, Japanese and Korean texts. */
const CJK = /[\u3000-\u9fff\uac00-\ud7af]/
const CJK_PUNCTUATION = /[\u2018-\u201f\u3000-\u303f\uff00-\uff65]/g

class ChatTokenizer extends Tokenizer {
  readonly #addressAt: FindAddress

  constructor(addressAt: FindAddress) {
    super()
    this.#addressAt = addressAt
  }

  /** HTML blocks are paragraphs. */
  override html(): undefined {
    return undefined
  }

  /** HTML is text, but for the line break that assistants write into the cells of a table. */
  override tag(src: string): Tokens.Tag | undefined {
    return BREAK.test(src) ? super.tag(src) : undefined
  }

  override url(src: string): Tokens.Link | undefined {
    const address = this.#addressAt(src)
    if (!address) return undefined
    const { text, href } = address
    return { type: 'link', raw: text, text, href, autolink: true, tokens: [{ type: 'text', raw: text, text }] }
  }

  /**
   * CommonMark takes a `**` between a letter and a punctuation mark for one that only opens or only closes. Where words
   * have no spaces between them, as in `これは**「東京」**です`, that leaves the stars raw. So there, punctuation counts as a
   * letter, and a letter before the mark as a space.
   */
  override emStrong(src: string, masked: string, before?: string): Tokens.Em | Tokens.Strong | undefined {
    const cjk = CJK.test(before ?? '') && src.startsWith('*')
    return super.emStrong(src, masked.replace(CJK_PUNCTUATION, 'a'), cjk ? '' : before)
  }
}

class ChatLexer extends Lexer {
  #depth = 0

  override blockTokens(src: string, tokens?: Token[], clipped?: boolean): Token[]
  override blockTokens(src: string, tokens?: TokensList, clipped?: boolean): TokensList
  override blockTokens(src: string, tokens: Token[] = [], clipped = false): Token[] {
    if (this.#depth >= DEPTH) return this.inline(src, tokens)
    this.#depth++
    super.blockTokens(src, tokens, clipped)
    this.#depth--
    return tokens
  }

  override inlineTokens(src: string, tokens: Token[] = []): Token[] {
    if (this.#depth >= DEPTH) tokens.push({ type: 'text', raw: src, text: src })
    else this.#inlinePieces(src, tokens)
    return tokens
  }

  #inlinePieces(src: string, tokens: Token[]): void {
    this.#depth++
    for (let from = 0, to = 0; from < src.length; from = to) {
      to = pieceEnd(src, from)
      super.inlineTokens(src.slice(from, to), tokens)
    }
    this.#depth--
  }
}

/** Where a piece of the text ends that begins here: before a space or a line break, if there is one. */
function pieceEnd(text: string, from: number): number {
  if (text.length - from <= PIECE) return text.length
  const piece = cut(text.slice(from, from + PIECE), PIECE)
  const gap = piece.search(/\s\S*$/)
  return from + (gap > 0 ? gap : piece.length)
}

const TYPES: ReadonlySet<string> = new Set<MarkedToken['type']>([
  ...(['blockquote', 'br', 'checkbox', 'code', 'codespan', 'def', 'del', 'em', 'escape', 'heading', 'hr'] as const),
  ...(['html', 'image', 'link', 'list', 'paragraph', 'space', 'strong', 'table', 'text'] as const),
])
const isOwn = (token: Token): token is MarkedToken => TYPES.has(token.type)
/** The tokens of marked's own kinds. There are no others without an extension, but its types allow for them. */
export const own = (tokens: readonly Token[] = []): MarkedToken[] => tokens.filter(isOwn)

/** A bullet, as many assistants write it, is a list's `-`; where there is code, it stays what it is. */
const withBullets = (text: string) => (/```|~~~/.test(text) ? text : text.replace(/^( {0,3})•(?= )/gm, '$1-'))

export function lex(text: string, addressAt: FindAddress): MarkedToken[] {
  const lexer = new ChatLexer({ gfm: true, breaks: true, tokenizer: new ChatTokenizer(addressAt) })
  return own(lexer.lex(withBullets(text)))
}
