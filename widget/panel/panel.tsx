/** The dialog: header, conversation, composer, footer. */
import { type ComponentChildren, h } from 'preact'
import type { Strings } from '../chunk-api/core.ts'
import type { Store } from '../client/storage.ts'
import { Composer } from './composer.tsx'
import { Log } from './log.tsx'
import type { PanelHost } from './slots.ts'
import { safeUrl } from './url.ts'

export type PanelProps = {
  host: PanelHost
  parse: (text: string) => ComponentChildren
  strings: Strings
  send: (text: string) => void
  open: boolean
  tab: Store
  /** A part of the chat could not be loaded. */
  lost: boolean
  more: () => void
  /** Another visitor is another number. */
  visitor: number
}

export function Panel({ host, parse, strings, send, open, tab, lost, more, visitor }: PanelProps) {
  const { core, link, slots } = host
  const { config } = core
  const options = core.options()
  const name = config.persona?.name ?? config.business?.name ?? strings.launcher
  const greeting = options.greeting ?? link.greeting ?? strings.greeting
  const avatar = config.persona?.avatar_url && safeUrl(config.persona.avatar_url)
  return (
    <div
      class={`w ${options.theme ?? 'auto'} ${options.position} ${options.layout}`}
      // Where the launcher is, there is the window.
      style={core.button.style.cssText}
      part="panel"
      role="dialog"
      aria-label={strings.title.replace('{name}', name)}
      lang={strings.code}
      dir={strings.code === 'ar' ? 'rtl' : 'ltr'}
      hidden={!open}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing) return
        event.stopPropagation()
        core.close()
      }}
    >
      <div class="h" part="header">
        {avatar ? (
          <img class="a" src={avatar} alt="" />
        ) : (
          <span class="a" aria-hidden="true">
            {[...name][0]}
          </span>
        )}
        <div class="n">
          <strong>{name}</strong>
          <span>{config.persona?.role ?? strings.online}</span>
        </div>
        {slots.head?.()}
        {options.layout !== 'inline' && (
          <button type="button" class="x" aria-label={strings.close} onClick={core.close}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M6 6l12 12M18 6L6 18" />
            </svg>
          </button>
        )}
      </div>
      <Log {...{ host, parse, strings, greeting, name, lost, open, more }} />
      {/* What the last visitor was typing is not the next one's. */}
      <Composer key={visitor} {...{ strings, send, tab, slots, more }} />
      {config.appearance?.powered_by !== false && (
        <div class="f">
          {strings.powered}{' '}
          <a href="https://catyai.io" target="_blank" rel="noopener noreferrer">
            Caty.AI
          </a>
        </div>
      )}
    </div>
  )
}
