/**
 * The details chunk: what a message shows beside its text, loaded when somebody reaches into the conversation. The day,
 * how long ago, copy, thumbs, the pill that tells of new messages, and the counter of a long text.
 */
import { h } from 'preact'
import type { Core, MoreModule, MoreStrings } from '../../chunk-api/core.ts'
import type { Entry } from '../../panel/conversation.ts'
import type { PanelHost } from '../../panel/slots.ts'
import { DETAILS_CSS } from './styles.ts'
import { ago, day, full } from './time.ts'

const MAX = 4000
/** From 399 on it is shown what is left; a screen reader is told at these steps and not with every key. */
const SAID_AT = [0, 50, 399]
/** A minute passes, and what is written beside a message is old. */
const TICK_MS = 60_000
const COPIED_MS = 2000

/** Takes the slots of its own, and comes into view when its words are there. */
export async function details(host: PanelHost): Promise<void> {
  const { core, conversation, slots, draw } = host
  const code = host.strings().code
  const words = (await core.load<MoreModule>(`more/${code}`)).default
  host.style(DETAILS_CSS)
  const say = announcer(core)
  let copied = ''
  let copies = 0
  const copy = async ({ id, text }: Entry) => {
    await navigator.clipboard.writeText(text)
    copied = id
    say(words.copied)
    draw()
    const mine = ++copies
    setTimeout(() => {
      if (mine !== copies) return
      copied = ''
      say('')
      draw()
    }, COPIED_MS)
  }

  slots.before = (entry, last) => {
    const title = day(entry.at, last?.at, code)
    return title && <div class="dy">{title}</div>
  }
  // Not a word of it is news: without `off` the conversation, a live region, would read out every minute that passes.
  slots.after = (entry) =>
    !entry.state && (
      <div class={`mt ${entry.role === 'user' ? 'mu' : ''}`} aria-live="off">
        <time dateTime={new Date(entry.at).toISOString()} title={full(entry.at, code)}>
          {ago(entry.at, code)}
        </time>
        {'clipboard' in navigator && (
          // Where the page may not write to it, the button stays as it was.
          <Tool
            name={copied === entry.id ? words.copied : words.copy}
            run={() => void copy(entry).catch(() => undefined)}
          >
            {copied === entry.id ? 'M5 13l4 4L19 7' : 'M9 9h10v11H9zM15 9V4H5v11h4'}
          </Tool>
        )}
        {entry.role === 'assistant' && mayTell(core) && <Thumbs {...{ host, words, entry }} />}
      </div>
    )
  slots.missed = (toEnd) => (
    <button
      type="button"
      class="nw"
      onClick={() => {
        toEnd()
        // This button goes away, and the focus must not go with it.
        core.root.querySelector<HTMLElement>('.g')?.focus()
      }}
    >
      {words.newMessages} ↓
    </button>
  )
  let step: number | undefined
  slots.count = () => {
    const left = MAX - (core.root.querySelector<HTMLTextAreaElement>('.c textarea')?.value.length ?? 0)
    const text = words.left.replace('{count}', String(left))
    const now = SAID_AT.find((limit) => left <= limit)
    if (now !== step) say(now === undefined ? '' : text)
    step = now
    return now !== undefined && <span class="ct">{text}</span>
  }
  core.root.addEventListener('input', draw)
  const tick = setInterval(() => core.isOpen && conversation.entries.length && draw(), TICK_MS)
  slots.leave = () => {
    clearInterval(tick)
    core.root.removeEventListener('input', draw)
  }
  draw()
}

/** A status beside the conversation: there before it says something, or a screen reader would not hear the first word. */
function announcer({ root }: Core): (text: string) => void {
  const status = document.createElement('span')
  status.className = 'v'
  status.setAttribute('role', 'status')
  root.querySelector('[part=panel]')?.append(status)
  return (text) => {
    status.textContent = text
  }
}

type ToolProps = { name: string; pressed?: boolean; run: () => void; children: string }

const Tool = ({ name, pressed, run, children }: ToolProps) => (
  <button type="button" aria-label={name} title={name} aria-pressed={pressed} onClick={run}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={children} />
    </svg>
  </button>
)

const UP = 'M7 11v9H3v-9zM7 11l5-8c2 0 3 1 2.5 3L14 10h6c1 0 1.5 1 1 2l-2 7c0 .6-.5 1-1 1H7'

/** An opinion goes by the call that tells of behaviour, so it is asked for only where that call may be made. */
function mayTell(core: Core): boolean {
  const { consent } = core.options()
  return consent !== 'denied' && (consent !== 'required' || core.spoke)
}

/** Helpful or not: one word to the owner, by the call that takes everything a visitor does. */
function Thumbs({ host, words, entry }: { host: PanelHost; words: MoreStrings; entry: Entry }) {
  const show = (helpful: boolean | undefined) => {
    entry.helpful = helpful
    host.conversation.changed()
  }
  const rate = async (helpful: boolean) => {
    const before = entry.helpful
    if (before === helpful) return
    show(helpful)
    // What nobody was told must not stay pressed, so that it can be pressed again.
    await tell(host, entry).catch(() => entry.helpful === helpful && show(before))
  }
  return [
    <Tool name={words.helpful} pressed={entry.helpful === true} run={() => void rate(true)}>
      {UP}
    </Tool>,
    <span class="dn">
      <Tool name={words.unhelpful} pressed={entry.helpful === false} run={() => void rate(false)}>
        {UP}
      </Tool>
    </span>,
  ]
}

async function tell({ link }: PanelHost, { helpful, text, at }: Entry): Promise<void> {
  const timestamp = new Date().toISOString()
  const data = { helpful, reply: text.slice(0, 200), at: new Date(at).toISOString() }
  await link.call('/api/widget/track', {
    session_id: await link.session(),
    events: [{ type: 'message_feedback', data, timestamp }],
  })
}
