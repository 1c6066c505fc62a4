/** One question of a form: its label, where to type, and what is wrong. */
import { type ComponentChildren, h } from 'preact'
import type { Words } from '../guide/chunk-props.ts'
import type { Field } from './fields.ts'

type Props = {
  field: Field
  said: Words
  value: string
  problem: string | undefined
  typed: (text: string) => void
  left: () => void
}

export function FieldView({ field, said, value, problem, typed, left }: Props) {
  const { name, label, type, required, autocomplete, max } = field
  if (type === 'stars') return <Stars {...{ said, label, value, problem, typed }} />
  const id = `caty-${name}`
  const shared = {
    id,
    name,
    required,
    value,
    maxLength: max,
    'aria-invalid': !!problem,
    'aria-describedby': problem && `${id}-e`,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) =>
      typed(currentTarget.value),
    onBlur: left,
  }
  return (
    <div>
      <label for={id}>
        {label}
        {!required && <span class="op"> ({said.optional})</span>}
      </label>
      {type === 'area' ? (
        <textarea {...shared} rows={3} />
      ) : (
        // Addresses and numbers read from left to right in every language.
        <input
          {...shared}
          list={undefined}
          type={type === 'email' || type === 'tel' ? type : 'text'}
          autocomplete={autocomplete}
          dir={type === 'text' ? 'auto' : 'ltr'}
        />
      )}
      <Problem id={`${id}-e`} text={problem} />
    </div>
  )
}

export const Problem = ({ id, text }: { id: string; text: string | undefined }) =>
  text ? (
    <p class="er" id={id}>
      {text}
    </p>
  ) : null

type ChoiceProps = {
  name: string
  label: string
  problem: string | undefined
  children: ComponentChildren
}

/** Several answers of which one counts: a group of radio buttons, so the arrow keys choose. */
export const Choice = ({ name, label, problem, children }: ChoiceProps) => (
  <div
    class="fs"
    role="radiogroup"
    aria-labelledby={`caty-${name}-l`}
    aria-required
    aria-invalid={!!problem}
    aria-describedby={problem && `caty-${name}-e`}
  >
    <p class="lb" id={`caty-${name}-l`}>
      {label}
    </p>
    {children}
    <Problem id={`caty-${name}-e`} text={problem} />
  </div>
)

function Stars({
  said,
  label,
  value,
  problem,
  typed,
}: Pick<Props, 'said' | 'value' | 'problem' | 'typed'> & { label: string }) {
  return (
    <Choice {...{ name: 'rating', label, problem }}>
      <div class="st">
        {[1, 2, 3, 4, 5].map((star) => (
          <label>
            <input
              type="radio"
              class="v"
              name="rating"
              value={star}
              checked={value === `${star}`}
              aria-label={said.rated.replace('{count}', `${star}`)}
              onChange={() => typed(`${star}`)}
            />
            <svg viewBox="0 0 24 24" aria-hidden="true" class={star <= Number(value) ? 'on' : ''}>
              <path d="M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6L12 17l-5.4 3 1.2-6-4.5-4.2 6.1-.7z" />
            </svg>
          </label>
        ))}
      </div>
    </Choice>
  )
}
