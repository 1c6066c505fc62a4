/** Proactive messages: asks Caty for one when a rule fires, and shows it beside the launcher or in the chat. */
import type { ProactiveRule, SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { BubbleEnd } from '../../chunk-api/page.ts'
import { report } from '../page-rules/report.ts'
import type { ProactiveConfig } from './engine.ts'

type Message = { message_id?: string; content: string; suggested_actions?: SuggestedAction[] }

/** On a phone a rule does not open the chat, which would cover the page. */
export const isPhone = () => innerWidth <= 768

type Needs = {
  config: ProactiveConfig
  /** Aborted when nothing may be observed any more. */
  signal: AbortSignal
  /** Keeps a rule from firing again in this session. */
  silence: (rule: ProactiveRule) => void
  /** The chat is closed and the visitor has not written. */
  mayShow: () => boolean
}

export type ProactiveMessages = {
  /** A message is on its way or on the screen. */
  isBusy: () => boolean
  /** Asks Caty for the rule's message and shows it. Never throws. */
  request: (rule: ProactiveRule) => void
  /** Shows a message that Caty sent by itself. Never throws. */
  show: (message: Message) => void
}

export function proactiveMessages(core: Core, { config, signal, silence, mayShow }: Needs): ProactiveMessages {
  let isBusy = false
  let retry: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(retry))

  async function request(rule: ProactiveRule): Promise<void> {
    isBusy = true
    try {
      const connection = await core.connection()
      const { message } = await connection.call<{ message?: Message }>('/api/widget/proactive', {
        session_id: await connection.session(),
        trigger_type: rule.message_type ?? rule.id ?? 'rule',
        language: core.language(),
        context: core.context(),
      })
      // The visitor may have opened the chat meanwhile.
      if (message && mayShow() && !signal.aborted) await deliver(message, rule)
    } finally {
      isBusy = false
    }
  }

  async function deliver(message: Message, rule: ProactiveRule): Promise<void> {
    if (rule.auto_open && !isPhone()) {
      silence(rule)
      const panel = await core.panel()
      panel.addReply(message.content, message.suggested_actions)
      return core.open()
    }
    await showBubble(message, rule, false)
  }

  /** Resolves when the bubble is gone. */
  async function showBubble(message: Message, rule: ProactiveRule, isRetry: boolean): Promise<void> {
    const { content, message_id, suggested_actions } = message
    const bubble = await core.load('bubble')
    const options = { messageId: message_id, suggestedActions: suggested_actions, type: 'proactive', rule: rule.id }
    await new Promise<void>((resolve, reject) => {
      const onEnd = (how: BubbleEnd) => {
        resolve()
        report(core, how, message_id).catch(() => 0)
        if (how === 'dismissed') silence(rule)
        // An overlooked bubble comes once more, where the owner wants it.
        if (how === 'timeout' && !isRetry && config.retrigger_delay_ms !== undefined)
          retry = setTimeout(() => {
            if (!document.hidden && mayShow()) void showBubble(message, rule, true).catch(() => 0)
          }, config.retrigger_delay_ms)
      }
      bubble.showBubble(core, content, options, onEnd).catch(reject)
    })
  }

  return {
    isBusy: () => isBusy,
    request: (rule) => void request(rule).catch(() => 0),
    show(message) {
      if (!isBusy && mayShow()) deliver(message, {}).catch(() => 0)
    },
  }
}
