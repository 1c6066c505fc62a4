/** What launcher and panel share. The panel gets it handed over when it loads, so neither imports the other's code. */
import type { TokenAnswer, WidgetConfig } from '../../edge/contract/edge.ts'
import type { Options } from './options.ts'

export type EventName =
  | 'open'
  | 'close'
  | 'message'
  | 'lead'
  | 'lead_captured'
  | 'navigate'
  | 'ready'
  | 'error'
  | 'unread'
  | 'session'

export type Emit = (event: EventName, detail?: unknown) => void

/** The Bearer token of the first exchange. */
export type Grant = Pick<TokenAnswer, 'access_token' | 'expires_in'>

export type Core = {
  /** The owner's wishes as they are now. */
  options: () => Options
  config: WidgetConfig
  grant: Grant | undefined
  root: ShadowRoot
  /** The launcher's button, which gets the focus back. */
  button: HTMLElement
  emit: Emit
  setUnread: (count: number) => void
  close: () => void
  /** Remembers why the widget cannot do its work, and says it once on the console. */
  fail: (reason: string) => void
}

/** What the panel chunk gives back. */
export type PanelHandle = {
  open: () => void
  close: () => void
  send: (text: string) => Promise<unknown>
  clear: () => Promise<void>
  /** Draws again after options changed. */
  update: () => void
  destroy: () => void
}

export type PanelModule = { mount: (core: Core, strings: Strings) => PanelHandle }

/** The visible words of one language. */
export type Strings = typeof import('../locales/en.ts').default
