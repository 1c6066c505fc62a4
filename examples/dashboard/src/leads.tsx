/** Leads with their state, notes and tags. */
import { h, type JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Api } from './api.ts'
import type { ViewProps } from './app.tsx'
import { complaint } from './complaint.ts'
import { useLoad } from './load.ts'
import { Choice, DateInput, Field, Head, Listing, many, PercentInput, Stamp, words } from './parts.tsx'
import { ChangedLead, LEAD_STATES, type Lead, Leads } from './schemas.ts'

const STATES = LEAD_STATES.map((state) => [state, words(state)] as const)
const ANY = [['', 'Any'], ...STATES] as const

export function LeadsView({ api }: ViewProps): JSX.Element {
  const [filter, setFilter] = useState({ status: '', score_min: '', date_from: '' })
  const loaded = useLoad(() => api.call(Leads, '/leads', { query: filter }), JSON.stringify(filter))
  const set = (change: Partial<typeof filter>) => setFilter({ ...filter, ...change })
  return (
    <section>
      <Head title="Leads" loaded={loaded} />
      <fieldset class="filters">
        <legend>Filter</legend>
        <Choice id="status" label="State" value={filter.status} options={ANY} onChange={(status) => set({ status })} />
        <PercentInput
          id="score"
          label="Score from"
          value={filter.score_min}
          onChange={(score_min) => set({ score_min })}
        />
        <DateInput
          id="from"
          label="Captured since"
          value={filter.date_from}
          onChange={(date_from) => set({ date_from })}
        />
      </fieldset>
      <Listing
        loaded={loaded}
        isEmpty={({ leads }) => leads.length === 0}
        count={({ leads }) => many(leads.length, 'lead')}
        empty="No leads here yet. They come when visitors leave their address in the chat."
      >
        {({ leads }) => (
          <ul class="rows" aria-label="Leads">
            {leads.map((lead) => (
              <LeadRow key={lead.lead_id} api={api} lead={lead} onSaved={loaded.reload} />
            ))}
          </ul>
        )}
      </Listing>
    </section>
  )
}

function LeadRow({ api, lead, onSaved }: { api: Api; lead: Lead; onSaved: () => void }): JSX.Element {
  const title = lead.name || lead.email || lead.phone || lead.lead_id
  return (
    <li class="row">
      <div class="line">
        <h2>{title}</h2>
        <span class={`badge ${lead.status}`}>{words(lead.status || 'new')}</span>
        <span>
          Score <strong>{lead.score}</strong>
        </span>
        <Stamp at={lead.created_at} />
      </div>
      <p class="facts">
        {lead.email && <a href={`mailto:${encodeURIComponent(lead.email)}`}>{lead.email}</a>}
        {lead.phone && <span>{lead.phone}</span>}
        {lead.company && <span>{lead.company}</span>}
        {lead.intent && <span>{words(lead.intent)}</span>}
        {lead.tags.map((tag) => (
          <span key={tag} class="tag">
            {tag}
          </span>
        ))}
      </p>
      {lead.notes && <p class="notes">{lead.notes}</p>}
      <details>
        <summary>
          Edit <span class="sr">{title}</span>
        </summary>
        <LeadForm api={api} lead={lead} onSaved={onSaved} />
      </details>
    </li>
  )
}

/** The form keeps its own values, so a refreshed list does not overwrite what the user types. */
function LeadForm({ api, lead, onSaved }: { api: Api; lead: Lead; onSaved: () => void }): JSX.Element {
  const [said, setSaid] = useState<{ text: string; failed: boolean }>()
  const id = (name: string) => `${lead.lead_id}-${name}`

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const tags = text('tags')
      .split(',')
      .map((tag) => tag.trim())
    const body = { status: text('status'), notes: text('notes'), tags: tags.filter((tag) => tag !== '') }
    try {
      await api.call(ChangedLead, `/leads/${encodeURIComponent(lead.lead_id)}`, { method: 'PUT', body })
      setSaid({ text: 'Saved.', failed: false })
      onSaved()
    } catch (error) {
      setSaid({ text: `Not saved: ${complaint(error, { notes: 'Notes', tags: 'Tags' }, body)}`, failed: true })
    }
  }

  return (
    <form class="form" onSubmit={submit}>
      <Field id={id('status')} label="State">
        <select id={id('status')} name="status">
          {STATES.map(([value, label]) => (
            <option key={value} value={value} selected={value === lead.status}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Field id={id('notes')} label="Notes">
        <textarea id={id('notes')} name="notes" rows={3} maxLength={4000} defaultValue={lead.notes} />
      </Field>
      <Field id={id('tags')} label="Tags" hint="Separated by commas.">
        <input id={id('tags')} name="tags" defaultValue={lead.tags.join(', ')} aria-describedby={id('tags-hint')} />
      </Field>
      <p class="actions">
        <button class="primary" type="submit">
          Save
        </button>
        <span role="status" class={said?.failed ? 'error' : 'good'}>
          {said?.text}
        </span>
      </p>
    </form>
  )
}
