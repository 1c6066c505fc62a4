/** Small components that every view uses. */
import { type ComponentChildren, Fragment, h, type JSX } from 'preact'
import type { Loaded } from './load.ts'

type FieldProps = { id: string; label: string; hint?: string; children: ComponentChildren }

/** A control with its label, and a hint that a screen reader reads with it. */
export function Field({ id, label, hint, children }: FieldProps): JSX.Element {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

type ChoiceProps = {
  id: string
  label: string
  value: string
  options: readonly (readonly [value: string, label: string])[]
  onChange: (value: string) => void
}

export function Choice({ id, label, value, options, onChange }: ChoiceProps): JSX.Element {
  return (
    <Field id={id} label={label}>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([key, text]) => (
          <option key={key} value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  )
}

type InputProps = { id: string; label: string; value: string; onChange: (value: string) => void }

export function DateInput({ id, label, value, onChange }: InputProps): JSX.Element {
  return (
    <Field id={id} label={label}>
      <input id={id} type="date" value={value} onChange={(event) => onChange(event.currentTarget.value)} />
    </Field>
  )
}

/** From 0 to 100. */
export function PercentInput({ id, label, value, onChange }: InputProps): JSX.Element {
  return (
    <Field id={id} label={label}>
      <input
        id={id}
        type="number"
        min="0"
        max="100"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

type ListingProps<T> = {
  loaded: Loaded<T>
  /** The sentence for an empty list. */
  empty: string
  isEmpty: (value: T) => boolean
  /** The number of entries in words; a screen reader announces it when a filter changes it. */
  count?: (value: T) => string
  children: (value: T) => ComponentChildren
}

/** The three states of data: loading, failed, loaded. An old value stays visible beside an error. */
export function Listing<T>({ loaded, empty, isEmpty, count, children }: ListingProps<T>): JSX.Element {
  const { value, error, busy, reload } = loaded
  return (
    <Fragment>
      {error !== '' && (
        <p class="error" role="alert">
          {error}{' '}
          <button type="button" onClick={reload}>
            Try again
          </button>
        </p>
      )}
      {value === undefined && busy && <p class="quiet">Loading …</p>}
      {count && (
        <p class="quiet count" role="status">
          {value !== undefined && !isEmpty(value) && count(value)}
        </p>
      )}
      {value !== undefined && (isEmpty(value) ? <p class="quiet">{empty}</p> : children(value))}
    </Fragment>
  )
}

/** The heading of a view. It takes the focus when the view changes, so a screen reader begins here. */
export function Head({ title, loaded }: { title: string; loaded?: Loaded<unknown> }): JSX.Element {
  return (
    <header class="head">
      <h1 tabIndex={-1}>{title}</h1>
      {loaded && (
        <button type="button" onClick={loaded.reload} aria-disabled={loaded.busy}>
          Refresh
        </button>
      )}
    </header>
  )
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
export const moment = (text: string): string => {
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? '' : dates.format(date)
}

/** `1 lead`, `2 leads`. */
export const many = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

/** `purchase_intent` as readable words. */
export const words = (text: string): string => text.replaceAll('_', ' ').replace(/^./, (first) => first.toUpperCase())

export function Stamp({ at }: { at: string }): JSX.Element | null {
  const text = moment(at)
  return text === '' ? null : <time dateTime={at}>{text}</time>
}
