/** Suggested actions: what each kind does when it is clicked. A kind that is not known sends its label. */
import { h } from 'preact'
import type { SuggestedAction } from '../../edge/contract/edge.ts'
import type { Core, Strings } from '../launcher/core.ts'
import { GUIDED, type Guide } from './host.ts'
import { addressOf, linkProps } from './url.ts'

type Props = {
  core: Core
  strings: Strings
  guide: () => Promise<Guide>
  actions: readonly SuggestedAction[]
  send: (text: string) => void
}

export function Actions({ core, strings, guide, actions, send }: Props) {
  return (
    <div class="q" role="group" aria-label={strings.suggestions}>
      {actions.map((action) => {
        const href = addressOf(action, core)
        return href ? (
          <a part="action" {...linkProps(href)}>
            {action.label}
          </a>
        ) : (
          <button type="button" part="action" onClick={() => act(action, core, guide, send)}>
            {action.label}
          </button>
        )
      })}
    </div>
  )
}

export function act(chosen: SuggestedAction, core: Core, guide: Props['guide'], send: Props['send']): void {
  const { action, label, value, payload } = chosen
  if (action === 'dismiss') core.close()
  else if (action === 'navigate') core.emit('navigate', { page: payload?.page })
  else {
    const plain = () => send(payload?.message ?? value ?? label)
    if (GUIDED.test(action ?? '')) guide().then((guide) => guide.act(chosen), plain)
    else plain()
  }
}
