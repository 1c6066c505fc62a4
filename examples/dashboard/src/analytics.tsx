/** The figures that Caty counts, and the last two weeks by day, counted here from the lists. */
import { Fragment, h, type JSX } from 'preact'
import type { ViewProps } from './app.tsx'
import { useLoad } from './load.ts'
import { Head, Listing, words } from './parts.tsx'
import { Bars, Columns, type Day } from './plots.tsx'
import { Analytics, Conversations, Leads } from './schemas.ts'

const DAYS = 14
const DAY_MS = 86_400_000

export function AnalyticsView({ api }: ViewProps): JSX.Element {
  const since = dayOf(Date.now() - (DAYS - 1) * DAY_MS)
  const loaded = useLoad(async () => {
    const [{ analytics }, { conversations }, { leads }] = await Promise.all([
      api.call(Analytics, '/analytics'),
      api.call(Conversations, '/conversations', { query: { date_from: since, limit: 100 } }),
      api.call(Leads, '/leads', { query: { date_from: since } }),
    ])
    const started = conversations.map((conversation) => conversation.started_at)
    const captured = leads.map((lead) => lead.created_at)
    return { analytics, days: byDay(started, captured) }
  }, since)
  return (
    <section>
      <Head title="Analytics" loaded={loaded} />
      <Listing loaded={loaded} isEmpty={() => false} empty="">
        {({ analytics, days }) => (
          <Fragment>
            <dl class="tiles">
              <Tile
                name="Conversations"
                value={analytics.conversations.total}
                change={analytics.conversations.change}
              />
              <Tile name="Leads" value={analytics.leads.total} change={analytics.leads.change} />
              <Tile name="Conversion" value={share(analytics.conversion_rate)} />
              <Tile name="Answer after" value={seconds(analytics.avg_response_time)} />
            </dl>
            <Columns title="The last two weeks" series={['Conversations', 'Leads']} days={days} />
            {analytics.top_intents.length > 0 && (
              <Bars
                title="What visitors come for"
                bars={analytics.top_intents.map(({ intent, count }) => ({ label: words(intent), value: count }))}
              />
            )}
            <details>
              <summary>The same as a table</summary>
              <Table days={days} />
            </details>
          </Fragment>
        )}
      </Listing>
    </section>
  )
}

type TileProps = { name: string; value: string | number; change?: string | number | undefined }

function Tile({ name, value, change }: TileProps): JSX.Element {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        {value}
        {change !== undefined && change !== 0 && (
          <span class="change">{typeof change === 'number' && change > 0 ? `+${change}` : change}</span>
        )}
      </dd>
    </div>
  )
}

function Table({ days }: { days: readonly Day[] }): JSX.Element {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Day</th>
          <th scope="col">Conversations</th>
          <th scope="col">Leads</th>
        </tr>
      </thead>
      <tbody>
        {days.map(({ day, values }) => (
          <tr key={day}>
            <th scope="row">{day}</th>
            <td>{values[0]}</td>
            <td>{values[1]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

function byDay(...series: readonly (readonly string[])[]): Day[] {
  return Array.from({ length: DAYS }, (_, at) => {
    const day = dayOf(Date.now() - (DAYS - 1 - at) * DAY_MS)
    const count = (times: readonly string[]) => times.filter((time) => time.startsWith(day)).length
    return { day: day.slice(5), values: series.map(count) }
  })
}

/** Caty sends a number or a text; a number up to one is a share. */
const share = (value: string | number | undefined): string =>
  typeof value === 'number' ? `${Math.round((value <= 1 ? value * 100 : value) * 10) / 10} %` : (value ?? '–')
const seconds = (value: string | number | undefined): string =>
  typeof value === 'number' ? `${value} s` : (value ?? '–')
