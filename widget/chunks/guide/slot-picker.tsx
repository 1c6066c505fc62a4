/** Times that the assistant offers, under its message. A click opens the form for an appointment with that time chosen. */
import { h } from 'preact'
import type { Entry } from '../../panel/conversation.ts'
import type { AskedForm } from './chunk-props.ts'

type Props = { picker: NonNullable<Entry['picker']>; label: string; open: (form: AskedForm) => void }

export function Picker({ picker: { day, slots }, label: name, open }: Props) {
  return (
    <div class="q" role="group" aria-label={name}>
      {slots.map(({ label, start }) => (
        <button
          type="button"
          part="action"
          onClick={() =>
            open({ kind: 'schedule', byVisitor: true, day: day ?? start?.slice(0, 10), time: label, slots })
          }
        >
          {label}
        </button>
      ))}
    </div>
  )
}
