/** The dialog: header, conversation, composer, footer. */
import { h } from 'preact'
import { isComposing } from '../chunk-api/composing.ts'
import type { Strings } from '../chunk-api/strings.ts'
import { Composer } from './composer.tsx'
import { Log } from './log.tsx'
import type { Markdown } from './markdown.tsx'
import type { PanelHost } from './slots.ts'
import { safeUrl } from './url.ts'

export type PanelProps = {
  host: PanelHost
  markdown: Markdown
  strings: Strings
  open: boolean
  /** A part of the chat could not be loaded. */
  chunkFailed: boolean
  loadDetails: () => void
  onLong: (rest?: string) => void
  /** Increments on `clearSession()`. It is the composer's key, so the last visitor's draft goes with its field. */
  visitor: number
}

export function Panel({ host, markdown, strings, open, chunkFailed, loadDetails, onLong, visitor }: PanelProps) {
  const { core, connection, slots, send, tabStore } = host
  const { config } = core
  const options = core.options()
  const name = config.persona?.name ?? config.business?.name ?? strings.launcher
  const greeting = options.greeting ?? connection.greeting ?? strings.greeting
  const avatar = config.persona?.avatar_url && safeUrl(config.persona.avatar_url)
  return (
    <div
      class={`panel ${options.theme ?? 'auto'} ${options.position} ${options.layout}`}
      // The panel opens in the launcher's corner.
      style={core.button.style.cssText}
      part="panel"
      role="dialog"
      aria-label={strings.title.replace('{name}', name)}
      lang={strings.code}
      dir={strings.code === 'ar' ? 'rtl' : 'ltr'}
      hidden={!open}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || isComposing(event)) return
        // A modal dialog of the page would close too.
        event.preventDefault()
        core.close()
      }}
    >
      <div class="header" part="header">
        {avatar ? (
          <img class="avatar" src={avatar} alt="" />
        ) : (
          <span class="avatar" aria-hidden="true">
            {[...name][0]}
          </span>
        )}
        <div class="title">
          <strong dir="auto">{name}</strong>
          <span dir="auto">{config.persona?.role ?? strings.online}</span>
        </div>
        {slots.header?.()}
        {options.layout !== 'inline' && (
          <button type="button" class="icon-button" aria-label={strings.close} onClick={core.close}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 6l12 12M18 6L6 18" />
            </svg>
          </button>
        )}
      </div>
      <Log {...{ host, markdown, strings, greeting, name, chunkFailed, open, loadDetails }} />
      <Composer key={visitor} {...{ strings, send, tabStore, slots, onLong }} />
      {config.appearance?.powered_by !== false && (
        <div class="footer">
          {strings.powered}{' '}
          <a href="https://catyai.io" target="_blank" rel="noopener noreferrer">
            Caty.AI
          </a>
        </div>
      )}
    </div>
  )
}
