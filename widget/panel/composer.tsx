/**
 * Where the visitor types. Enter sends, Shift+Enter breaks the line, a draft survives a reload. The text lives in the
 * field itself: nothing is drawn while somebody types.
 */
import { h } from 'preact'
import type { Strings } from '../chunk-api/core.ts'
import type { Store } from '../client/storage.ts'
import type { Slots } from './slots.ts'

const MAX = 4000
/** The counter shows only where it matters. */
const COUNT_FROM = 3600

type Props = { strings: Strings; send: (text: string) => void; tab: Store; slots: Slots; more: () => void }

export function Composer({ strings, send, tab, slots, more }: Props) {
  const typed = (box: HTMLTextAreaElement) => {
    tab.set('draft', box.value || undefined)
    box.style.height = 'auto'
    box.style.height = `${box.scrollHeight}px`
    if (box.value.length > COUNT_FROM) more()
  }
  return (
    <form
      class="c"
      part="composer"
      onSubmit={(event) => {
        event.preventDefault()
        const box = event.currentTarget.querySelector('textarea')
        const said = box?.value.trim()
        if (!box || !said) return
        box.value = ''
        typed(box)
        // The field is empty by then: what is drawn now counts what is in it.
        send(said)
        box.focus()
      }}
    >
      {slots.tools?.()}
      <textarea
        rows={1}
        maxLength={MAX}
        defaultValue={String(tab.get('draft') ?? '')}
        placeholder={strings.placeholder}
        aria-label={strings.message}
        enterkeyhint="send"
        onInput={(event) => typed(event.currentTarget)}
        onKeyDown={(event) => {
          // While a composed character is being chosen (Japanese, Chinese …) Enter belongs to the input method.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          event.currentTarget.form?.requestSubmit()
        }}
      />
      {slots.count?.()}
      <button type="submit" class="s" aria-label={strings.send}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12h14M13 6l6 6-6 6" />
        </svg>
      </button>
    </form>
  )
}
