/**
 * The long-text chunk: how many characters are left near the limit, and what was cut from a pasted text that is longer.
 * Loaded for a text that comes near the limit.
 */

import { h } from 'preact'
import { createAnnouncer } from '../../chunk-api/announcer.ts'
import { cut } from '../../chunk-api/cut.ts'
import type { MoreStrings } from '../../chunk-api/strings.ts'
import type { PanelHost } from '../../panel/slots.ts'
import css from './styles.css'

const MAX_LENGTH = 4000
/** From 399 characters left on the count is shown. A screen reader hears it at these steps, not with every key. */
const ANNOUNCED_AT = [0, 50, 399]
/** Characters that are shown of what was cut. */
const CUT_SHOWN = 60

/** Takes its slot, and draws once its strings are there. */
export async function addCounter(host: PanelHost): Promise<void> {
  const { core, slots, draw } = host
  const { default: strings } = await core.load(`more/${host.strings().code}`)
  core.addStyles(css)
  const announce = createAnnouncer(core)
  let announced: number | string | undefined
  slots.charactersLeft = () => {
    const field = core.root.querySelector<HTMLTextAreaElement>('.composer textarea')
    const left = MAX_LENGTH - (field?.value.length ?? 0)
    if (left > 0) host.cutText = ''
    const text = host.cutText ? cutSentence(host.cutText, strings) : strings.left.replace('{count}', String(left))
    const now = host.cutText || ANNOUNCED_AT.find((limit) => left <= limit)
    if (now !== announced) announce(now === undefined ? '' : text)
    announced = now
    return now !== undefined && <span class="characters-left">{text}</span>
  }
  core.root.addEventListener('input', draw)
  core.on('destroy', () => core.root.removeEventListener('input', draw))
  draw()
}

/** Says how much of a pasted text did not fit, and where the part that is missing begins. */
function cutSentence(rest: string, { cut: sentence }: MoreStrings): string {
  const start = rest.trim().replace(/\s+/g, ' ')
  const text = start.length > CUT_SHOWN ? `${cut(start, CUT_SHOWN)}…` : start
  return sentence.replace('{count}', String(rest.length)).replace('{text}', () => text)
}
