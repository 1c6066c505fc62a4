/** Times that the assistant offers, below its message. A click opens the appointment form with that time chosen. */
import { h } from 'preact'
import type { Entry } from '../../panel/entry.ts'
import type { FormRequest } from './chunk-props.ts'

type Props = { picker: NonNullable<Entry['picker']>; label: string; openForm: (form: FormRequest) => void }

export function SlotPicker({ picker: { day, slots }, label: groupLabel, openForm }: Props) {
  return (
    <div class="actions" role="group" aria-label={groupLabel}>
      {slots.map(({ label, start }) => (
        <button
          type="button"
          part="action"
          onClick={() =>
            openForm({ kind: 'schedule', byVisitor: true, day: day ?? start?.slice(0, 10), time: label, slots })
          }
        >
          {label}
        </button>
      ))}
    </div>
  )
}
