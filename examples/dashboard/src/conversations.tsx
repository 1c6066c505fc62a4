/** Conversations, page by page; the messages of one load when the user opens it. */
import { h, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from './api.ts'
import type { ViewProps } from './app.tsx'
import { useLoad } from './load.ts'
import { Choice, DateInput, Head, Listing, many, Stamp, words } from './parts.tsx'
import { type Conversation, Conversations, OneConversation } from './schemas.ts'

const STATES = [
  ['', 'Any'],
  ['active', 'Active'],
  ['ended', 'Ended'],
] as const
const PAGE = 20

export function ConversationsView({ api }: ViewProps): JSX.Element {
  const [filter, setFilter] = useState({ status: '', date_from: '', date_to: '', page: 1 })
  const loaded = useLoad(
    () => api.call(Conversations, '/conversations', { query: { ...filter, limit: PAGE } }),
    JSON.stringify(filter),
  )
  const set = (change: Partial<typeof filter>) => setFilter({ ...filter, page: 1, ...change })
  const pages = loaded.value?.pagination?.total_pages ?? 1
  return (
    <section>
      <Head title="Conversations" loaded={loaded} />
      <fieldset class="filters">
        <legend>Filter</legend>
        <Choice
          id="status"
          label="State"
          value={filter.status}
          options={STATES}
          onChange={(status) => set({ status })}
        />
        <DateInput id="from" label="From" value={filter.date_from} onChange={(date_from) => set({ date_from })} />
        <DateInput id="to" label="To" value={filter.date_to} onChange={(date_to) => set({ date_to })} />
      </fieldset>
      <Listing
        loaded={loaded}
        isEmpty={({ conversations }) => conversations.length === 0}
        count={({ conversations, pagination }) => many(pagination?.total ?? conversations.length, 'conversation')}
        empty="No conversations here yet. Open a page with the widget and say something."
      >
        {({ conversations }) => (
          <ul class="rows" aria-label="Conversations">
            {conversations.map((conversation) => (
              <ConversationRow key={conversation.session_id} api={api} conversation={conversation} />
            ))}
          </ul>
        )}
      </Listing>
      {pages > 1 && (
        <nav class="pages" aria-label="Pages">
          <button
            type="button"
            aria-disabled={filter.page <= 1}
            onClick={() => set({ page: Math.max(1, filter.page - 1) })}
          >
            Previous
          </button>
          <span role="status">
            Page {filter.page} of {pages}
          </span>
          <button
            type="button"
            aria-disabled={filter.page >= pages}
            onClick={() => set({ page: Math.min(pages, filter.page + 1) })}
          >
            Next
          </button>
        </nav>
      )}
    </section>
  )
}

function ConversationRow({ api, conversation }: { api: Api; conversation: Conversation }): JSX.Element {
  const [open, setOpen] = useState(false)
  const { visitor, status, intent, lead_score, started_at, messages } = conversation
  const title = visitor.name || visitor.email || 'A visitor'
  return (
    <li class="row">
      <div class="line">
        <h2>{title}</h2>
        <span class={`badge ${status}`}>{words(status || 'active')}</span>
        <span>
          Score <strong>{lead_score}</strong>
        </span>
        <Stamp at={started_at} />
      </div>
      <p class="facts">
        {intent && <span>{words(intent)}</span>}
        {messages.length > 0 && <span>{many(messages.length, 'message')}</span>}
      </p>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          What was said <span class="sr">by {title}</span>
        </summary>
        {open && <Said api={api} id={conversation.session_id} />}
      </details>
    </li>
  )
}

/** Replies are Markdown; the dashboard shows the text only. */
const plain = (text: string): string => text.replace(/\*\*(.+?)\*\*/g, '$1').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')

function Said({ api, id }: { api: Api; id: string }): JSX.Element {
  const loaded = useLoad(() => api.call(OneConversation, `/conversations/${encodeURIComponent(id)}`), id)
  return (
    <Listing
      loaded={loaded}
      isEmpty={({ conversation }) => conversation.messages.length === 0}
      empty="Nothing was said."
    >
      {({ conversation }) => (
        <ol class="said">
          {conversation.messages.map((message, at) => (
            <li key={String(at)} class={message.role === 'assistant' ? 'assistant' : 'visitor'}>
              <p class="by">
                {words(message.role || 'visitor')} <Stamp at={message.timestamp} />
              </p>
              <p>{plain(message.content)}</p>
            </li>
          ))}
        </ol>
      )}
    </Listing>
  )
}
