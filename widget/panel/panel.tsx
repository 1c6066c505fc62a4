/** The dialog: header, conversation, composer, footer. A class, because Preact's hooks weigh 900 bytes. */
import { Component, type ComponentChildren, h } from 'preact'
import type { Store } from '../client/storage.ts'
import type { Strings } from '../launcher/core.ts'
import { Composer } from './composer.tsx'
import type { Guide, PanelHost } from './host.ts'
import { Log } from './log.tsx'
import { safeUrl } from './url.ts'

export type PanelProps = {
  host: PanelHost
  parse: (text: string) => ComponentChildren
  strings: Strings
  guide: () => Promise<Guide>
  open: boolean
  tab: Store
}

export class Panel extends Component<PanelProps> {
  #dialog: HTMLElement | null = null

  override componentDidUpdate(before: PanelProps): void {
    if (this.props.open && !before.open) this.#focus()
  }

  override componentDidMount(): void {
    if (this.props.open) this.#focus()
  }

  /** A chat that is part of the page must not take the focus from it. */
  #focus(): void {
    if (this.props.host.core.options().layout !== 'inline') this.#dialog?.querySelector('textarea')?.focus()
  }

  render({ host, parse, strings, guide, open, tab }: PanelProps) {
    const { core, link, conversation } = host
    const { config } = core
    const options = core.options()
    const name = config.persona?.name ?? config.business?.name ?? strings.launcher
    const greeting = options.greeting ?? link.greeting ?? strings.greeting
    const avatar = config.persona?.avatar_url && safeUrl(config.persona.avatar_url)
    const send = (text: string) =>
      void core
        .panel()
        .then((panel) => panel.sendMessage(text))
        .catch(() => 0)
    return (
      <div
        ref={(node) => {
          this.#dialog = node
        }}
        class={`w ${options.theme ?? 'auto'} ${options.position} ${options.layout}`}
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
          {host.slots.head?.()}
          {options.layout !== 'inline' && (
            <button type="button" class="x" aria-label={strings.close} onClick={core.close}>
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" />
              </svg>
            </button>
          )}
        </div>
        <Log {...{ host, parse, strings, guide, greeting, name, send, open }} />
        <Composer {...{ strings, send, tab, waiting: conversation.waiting, tools: host.slots.tools }} />
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
}
