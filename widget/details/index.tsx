/**
 * The details chunk: what a message shows beside its text, loaded when somebody reaches into the conversation. The day,
 * how long ago, copy, thumbs, the pill that tells of new messages, and the counter of a long text.
 */
import { h } from 'preact'
import type { MoreModule, MoreStrings } from '../launcher/core.ts'
import type { Entry } from '../panel/conversation.ts'
import type { PanelHost } from '../panel/host.ts'
import { DETAILS_CSS } from './styles.ts'
import { ago, day } from './time.ts'

const MAX = 4000
const COUNT_FROM = 3600
/** A minute passes, and what is written beside a message is old. */
const TICK_MS = 60_000
const COPIED_MS = 2000

/** Takes the slots of its own, and comes into view when its words are there. */
export async function details(host: PanelHost): Promise<void> {
  const { core, conversation, slots, draw } = host
  const code = host.strings().code
  const words = (await core.load<MoreModule>(`more/${code}`)).default
  host.style(DETAILS_CSS)
  let copied = ''
  const copy = async ({ id, text }: Entry) => {
    await navigator.clipboard.writeText(text)
    copied = id
    draw()
    setTimeout(() => {
      copied = ''
      draw()
    }, COPIED_MS)
  }

  slots.before = (entry, last) => {
    const title = day(entry.at, last?.at, code)
    return title && <div class="dy">{title}</div>
  }
  slots.after = (entry) =>
    !entry.state && (
      <div class={`mt ${entry.role === 'user' ? 'mu' : ''}`}>
        <time dateTime={new Date(entry.at).toISOString()} title={new Date(entry.at).toLocaleString(code)}>
          {ago(entry.at, code)}
        </time>
        {'clipboard' in navigator && (
          <Tool
            name={copied === entry.id ? words.copied : words.copy}
            done={copied === entry.id}
            run={() => copy(entry)}
          >
            {copied === entry.id ? 'M5 13l4 4L19 7' : 'M9 9h10v11H9zM15 9V4H5v11h4'}
          </Tool>
        )}
        {entry.role === 'assistant' && <Thumbs {...{ host, words, entry }} />}
      </div>
    )
  slots.missed = (toEnd) => (
    <button type="button" class="nw" onClick={toEnd}>
      {words.newMessages} ↓
    </button>
  )
  slots.count = () => {
    const length = core.root.querySelector('textarea')?.value.length ?? 0
    return (
      length > COUNT_FROM && (
        <span class="ct" role="status">
          {words.left.replace('{count}', String(MAX - length))}
        </span>
      )
    )
  }
  core.root.addEventListener('input', draw)
  const tick = setInterval(() => core.isOpen && conversation.entries.length && draw(), TICK_MS)
  slots.leave = () => clearInterval(tick)
  draw()
}

type ToolProps = { name: string; done: boolean; run: () => void; children: string }

const Tool = ({ name, done, run, children }: ToolProps) => (
  <button type="button" aria-label={name} title={name} aria-pressed={done} onClick={run}>
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={children} />
    </svg>
  </button>
)

const UP = 'M7 11v9H3v-9zM7 11l5-8c2 0 3 1 2.5 3L14 10h6c1 0 1.5 1 1 2l-2 7c0 .6-.5 1-1 1H7'

/** Helpful or not: one word to the owner, by the call that takes everything a visitor does. */
function Thumbs({ host, words, entry }: { host: PanelHost; words: MoreStrings; entry: Entry }) {
  const rate = (helpful: boolean) => {
    if (entry.helpful === helpful) return
    entry.helpful = helpful
    host.conversation.changed()
    void tell(host, entry).catch(() => undefined)
  }
  return [
    <Tool name={words.helpful} done={entry.helpful === true} run={() => rate(true)}>
      {UP}
    </Tool>,
    <span class="dn">
      <Tool name={words.unhelpful} done={entry.helpful === false} run={() => rate(false)}>
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
