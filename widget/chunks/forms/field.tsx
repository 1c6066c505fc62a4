/** One field of a form: its label, its input, and what is wrong with it. */
import { type ComponentChildren, h } from 'preact'
import type { AllStrings } from '../../chunk-api/strings.ts'
import type { Field } from './fields.ts'

type Props = {
  field: Field
  strings: AllStrings
  value: string
  problem: string | undefined
  onType: (text: string) => void
  onLeave: () => void
}

export function FieldView({ field, strings, value, problem, onType, onLeave }: Props) {
  const { name, label, type, required, autocomplete, max } = field
  if (type === 'stars') return <Stars {...{ strings, label, value, problem, onType }} />
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
      onType(currentTarget.value),
    onBlur: onLeave,
  }
  return (
    <div>
      <label for={id}>
        {label}
        {!required && <span class="hint"> ({strings.optional})</span>}
      </label>
      {type === 'area' ? (
        <textarea {...shared} rows={3} />
      ) : (
        // E-mail addresses and phone numbers are written from left to right in every language.
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
    <p class="field-error" id={id}>
      {text}
    </p>
  ) : null

type ChoiceProps = {
  name: string
  label: string
  problem: string | undefined
  children: ComponentChildren
}

/** A group of radio buttons, so the arrow keys choose. */
export const Choice = ({ name, label, problem, children }: ChoiceProps) => (
  <div
    class="choice"
    role="radiogroup"
    aria-labelledby={`caty-${name}-l`}
    aria-required
    aria-invalid={!!problem}
    aria-describedby={problem && `caty-${name}-e`}
  >
    <p class="form-label" id={`caty-${name}-l`}>
      {label}
    </p>
    {children}
    <Problem id={`caty-${name}-e`} text={problem} />
  </div>
)

function Stars({
  strings,
  label,
  value,
  problem,
  onType,
}: Pick<Props, 'strings' | 'value' | 'problem' | 'onType'> & { label: string }) {
  return (
    <Choice {...{ name: 'rating', label, problem }}>
      <div class="stars">
        {[1, 2, 3, 4, 5].map((star) => (
          <label>
            <input
              type="radio"
              class="visually-hidden"
              name="rating"
              value={star}
              checked={value === `${star}`}
              aria-label={strings.rated.replace('{count}', `${star}`)}
              onChange={() => onType(`${star}`)}
            />
            <svg viewBox="0 0 24 24" aria-hidden="true" class={star <= Number(value) ? 'selected' : ''}>
              <path d="M12 3.5l2.6 5.6 6.1.7-4.5 4.2 1.2 6L12 17l-5.4 3 1.2-6-4.5-4.2 6.1-.7z" />
            </svg>
          </label>
        ))}
      </div>
    </Choice>
  )
}
