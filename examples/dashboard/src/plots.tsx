/** Two small plots in SVG. Each is one image with a sentence; words and numbers keep their size on a narrow screen. */
import { h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export type Bar = { label: string; value: number }
export type Day = { day: string; values: readonly number[] }

/** Horizontal bars in the given order. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }): JSX.Element {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const said = `${title}. ${bars.map(({ label, value }) => `${label}: ${value}`).join('; ')}.`
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <div class="bars" role="img" aria-label={said}>
        {bars.map(({ label, value }) => (
          <div class="bar-row" key={label}>
            <span>{label}</span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect class="track" width="100" height="10" />
              <rect class="fill" width={(100 * value) / most} height="10" />
            </svg>
            <span class="amount">{value}</span>
          </div>
        ))}
      </div>
    </figure>
  )
}

const HEIGHT = 180
const FOOT = 22
const NARROW = '(max-width: 640px)'

/** The plot's own width: text scaled down from a wider plot would be unreadable. */
function useWidth(): number {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches)
  useEffect(() => {
    const query = matchMedia(NARROW)
    const changed = () => setNarrow(query.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [])
  return narrow ? 320 : 720
}

type ColumnsProps = { title: string; series: readonly string[]; days: readonly Day[] }

/** Columns by day, with one column for each series. */
export function Columns({ title, series, days }: ColumnsProps): JSX.Element {
  const width = useWidth()
  const most = Math.max(1, ...days.flatMap(({ values }) => values))
  const slot = width / Math.max(1, days.length)
  const said = days.map(({ day, values }) => `${day}: ${values.join(' and ')}`).join('; ')
  return (
    <figure class="plot">
      <figcaption>
        {title}
        <span class="legend">
          {series.map((name, at) => (
            <span key={name} class={`key series-${at}`}>
              {name}
            </span>
          ))}
        </span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        role="img"
        aria-label={`${title}, ${series.join(' and ')} a day. ${said}.`}
      >
        <line class="axis" x1="0" x2={width} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
        {days.map(({ day, values }, at) => (
          <g key={day} transform={`translate(${at * slot} 0)`}>
            {values.map((value, place) => (
              <Column
                key={series[place]}
                place={place}
                left={slot * 0.15 + (place * slot * 0.7) / series.length}
                width={(slot * 0.63) / series.length}
                height={((HEIGHT - FOOT - 16) * value) / most}
                value={value}
              />
            ))}
            {at % 2 === 1 && (
              <text class="day" x={slot / 2} y={HEIGHT - 6} text-anchor="middle">
                {day}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  )
}

type ColumnProps = { place: number; left: number; width: number; height: number; value: number }

function Column({ place, left, width, height, value }: ColumnProps): JSX.Element | null {
  if (value === 0) return null
  const top = HEIGHT - FOOT - height
  return (
    <g>
      <rect class={`series-${place}`} x={left} y={top} width={width} height={height} rx="2" />
      <text class="value" x={left + width / 2} y={top - 4} text-anchor="middle">
        {value}
      </text>
    </g>
  )
}
