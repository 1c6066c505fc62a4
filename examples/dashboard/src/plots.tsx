/** Two small plots in SVG. Each is one picture with a sentence, and the same numbers stand in a table for who cannot see it. */
import { h, type JSX } from 'preact'

export type Bar = { label: string; value: number }
export type Day = { day: string; values: readonly number[] }

const WIDTH = 600

/** Horizontal bars, the longest first. */
export function Bars({ title, bars }: { title: string; bars: readonly Bar[] }): JSX.Element {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const row = 34
  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${bars.length * row}`} role="img" aria-label={sentenceOf(title, bars)}>
        {bars.map(({ label, value }, at) => (
          <g key={label} transform={`translate(0 ${at * row})`}>
            <text x="0" y="12">
              {label}
            </text>
            <rect class="track" x="0" y="17" width={WIDTH - 50} height="10" rx="5" />
            <rect class="fill" x="0" y="17" width={((WIDTH - 50) * value) / most} height="10" rx="5" />
            <text x={WIDTH} y="26" text-anchor="end">
              {value}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  )
}

const HEIGHT = 180
const FOOT = 22

/** Columns by day, one beside the other for each series. */
export function Columns({
  title,
  series,
  days,
}: {
  title: string
  series: readonly string[]
  days: readonly Day[]
}): JSX.Element {
  const most = Math.max(1, ...days.flatMap(({ values }) => values))
  const slot = WIDTH / Math.max(1, days.length)
  const width = (slot * 0.7) / series.length
  const plain = days.map(({ day, values }) => `${day}: ${values.join(' and ')}`)
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
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${title}, ${series.join(' and ')} a day. ${plain.join('; ')}.`}
      >
        <line class="axis" x1="0" x2={WIDTH} y1={HEIGHT - FOOT} y2={HEIGHT - FOOT} />
        {days.map(({ day, values }, at) => (
          <g key={day} transform={`translate(${at * slot + slot * 0.15} 0)`}>
            {values.map((value, place) => {
              const height = ((HEIGHT - FOOT - 14) * value) / most
              return (
                <g key={series[place]}>
                  <rect
                    class={`series-${place}`}
                    x={place * width}
                    y={HEIGHT - FOOT - height}
                    width={width * 0.9}
                    height={height}
                    rx="2"
                  />
                  {value > 0 && (
                    <text
                      class="value"
                      x={place * width + width * 0.45}
                      y={HEIGHT - FOOT - height - 4}
                      text-anchor="middle"
                    >
                      {value}
                    </text>
                  )}
                </g>
              )
            })}
            {(days.length <= 7 || at % 2 === 0) && (
              <text class="day" x={slot * 0.35} y={HEIGHT - 6} text-anchor="middle">
                {day}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  )
}

const sentenceOf = (title: string, bars: readonly Bar[]): string =>
  `${title}. ${bars.map(({ label, value }) => `${label}: ${value}`).join('; ')}.`
