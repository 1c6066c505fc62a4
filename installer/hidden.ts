/**
 * Finds tags that a browser does not read as tags: escaped by a CMS, inside a tag manager's script, or commented out.
 * They may be written as `&lt;script`, `\u003cscript`, `\x3Cscript`, `%3Cscript`, `"<scr" + "ipt"`, or escaped twice.
 */
import { decodeHTML } from 'entities'
import { type Attributes, type Page, type Place, readPage } from './page-html.ts'

/** `source` is the address of the script; empty if only the key's attribute was found. */
export type HiddenTag = { place: Place; source: string; old: boolean }

/** Escapes may be nested: a tag in JSON, in an attribute, in a field of a CMS. */
const ROUNDS = 4
const AT_ALL = /widget\.js|data-api-key|dataset\.apiKey/

/** Removes the escapes from a text. */
export function unescaped(text: string): string {
  let plain = text
  for (let round = 0; round < ROUNDS; round++) {
    const before = plain
    plain = decodeHTML(plain)
      .replace(/\\+u\{?([0-9a-f]{4})\}?|\\+x([0-9a-f]{2})|%([2-7][0-9a-f])/gi, (_, four, two, percent) =>
        String.fromCharCode(Number.parseInt(four ?? two ?? percent, 16)),
      )
      .replace(/\\+(["'/`])/g, '$1')
      .replace(/\\+[nrt]/g, ' ')
      // "<scr" + "ipt>", which authors write so that their own script does not end there.
      .replace(/(["'])\s*\+\s*\1/g, '')
    if (plain === before) break
  }
  return plain
}

export function hiddenTags({ texts }: Page): HiddenTag[] {
  return texts.flatMap(({ place, text }) => {
    // The address of a running script is an attribute too, but not a hidden tag.
    const plain = unescaped(text)
    if (!AT_ALL.test(plain)) return []
    const tags = readPage(plain).scripts.flatMap(({ attributes }) => tagOf(place, attributes))
    return tags.length > 0 || place !== 'script' ? tags : madeByScript(place, plain)
  })
}

function tagOf(place: Place, attributes: Attributes): HiddenTag[] {
  const source = attributes.src ?? ''
  const old = 'data-api-key' in attributes
  return old || isLauncher(source) ? [{ place, source, old }] : []
}

/** A script that makes the tag: `s.src = 'https://…/widget.js'`, `s.dataset.apiKey = …`. */
function madeByScript(place: Place, text: string): HiddenTag[] {
  const source = /https?:\/\/[^\s"'`<>]+\/widget\.js/.exec(text)?.[0] ?? ''
  const old = /data-api-key|dataset\.apiKey/.test(text)
  return old || source !== '' ? [{ place, source, old }] : []
}

export const isLauncher = (source: string): boolean => /\/widget\.js(\?|$)/.test(source)

const MANAGERS: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Google Tag Manager', /googletagmanager|gtm\.start|vtp_html|containerVersion/],
  ['WordPress', /wp-content|wp-includes|wp_(head|footer|enqueue|add_inline)|<!--\s*\/?wp:/],
  ['Shopify', /cdn\.shopify\.com|Shopify\.theme/],
  ['Matomo', /matomo|piwik/],
  ['TagCommander', /tagcommander/],
]

/** The software that made the page, if it may be what adds the tag. */
export const managerOf = (html: string): string | undefined => MANAGERS.find(([, sign]) => sign.test(html))?.[0]
