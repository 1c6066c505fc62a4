/**
 * Where the visitor types. Enter sends, Shift+Enter breaks the line, a draft survives a reload. The text lives in the field
 * itself, so nothing is drawn while the visitor types.
 */

import { h } from 'preact'
import { isComposing } from '../chunk-api/composing.ts'
import { cut } from '../chunk-api/cut.ts'
import type { Strings } from '../chunk-api/strings.ts'
import { stringOf } from '../chunk-api/untrusted.ts'
import type { Store } from '../client/storage.ts'
import type { Slots } from './slots.ts'

const MAX_LENGTH = 4000
/** From this length on the visitor is told how many characters are left. */
const COUNT_FROM = 3600

type Props = {
  strings: Strings
  send: (text: string) => void
  tabStore: Store
  slots: Slots
  /** Told of a text near the limit, with the end of a pasted or dropped one that does not fit into the field. */
  onLong: (rest?: string) => void
}

export function Composer({ strings, send, tabStore, slots, onLong }: Props) {
  const onChange = (field: HTMLTextAreaElement) => {
    tabStore.set('draft', field.value || undefined)
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight}px`
    if (field.value.length > COUNT_FROM) onLong()
  }
  return (
    <form
      class="composer"
      part="composer"
      onSubmit={(event) => {
        event.preventDefault()
        const field = event.currentTarget.querySelector('textarea')
        const text = field?.value.trim()
        if (!field || !text) return
        field.value = ''
        onChange(field)
        // After the field is empty, because sending draws the number of characters in it.
        send(text)
        field.focus()
      }}
    >
      {slots.composerTools?.()}
      <textarea
        dir="auto"
        rows={1}
        maxLength={MAX_LENGTH}
        defaultValue={stringOf(tabStore.get('draft')) ?? ''}
        placeholder={strings.placeholder}
        aria-label={strings.message}
        enterkeyhint="send"
        onBeforeInput={({ currentTarget: { value, selectionStart, selectionEnd }, data }) => {
          const room = MAX_LENGTH - value.length + selectionEnd - selectionStart
          const typed = data?.replace(/\r\n?/g, '\n') ?? ''
          const rest = typed.slice(cut(typed, room).length)
          if (rest) onLong(rest)
        }}
        onInput={(event) => onChange(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      {slots.charactersLeft?.()}
      <button type="submit" class="send" aria-label={strings.send}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12h14M13 6l6 6-6 6" />
        </svg>
      </button>
    </form>
  )
}
