/** Suggested actions. Those that lead somewhere are links, so that they open as visitors expect. */
import { h } from 'preact'
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Core } from '../../chunk-api/core.ts'
import type { Strings } from '../../chunk-api/strings.ts'
import { addressOf, linkProps } from '../../panel/url.ts'

type Props = {
  core: Core
  strings: Strings
  actions: readonly SuggestedAction[]
  runAction: (action: SuggestedAction) => void
}

export function Actions({ core, strings, actions, runAction }: Props) {
  return (
    <div class="actions" role="group" aria-label={strings.suggestions}>
      {actions.map((action) => {
        const href = addressOf(action, core)
        return href ? (
          <a part="action" dir="auto" {...linkProps(href)}>
            {action.label}
          </a>
        ) : (
          <button type="button" part="action" dir="auto" onClick={() => runAction(action)}>
            {action.label}
          </button>
        )
      })}
    </div>
  )
}
