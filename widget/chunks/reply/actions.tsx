/** Suggested actions. Those that go somewhere are links, so they open as the page would expect. */
import { h } from 'preact'
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Core, Strings } from '../../chunk-api/core.ts'
import { addressOf, linkProps } from '../../panel/url.ts'

type Props = {
  core: Core
  strings: Strings
  actions: readonly SuggestedAction[]
  act: (action: SuggestedAction) => void
}

export function Actions({ core, strings, actions, act }: Props) {
  return (
    <div class="q" role="group" aria-label={strings.suggestions}>
      {actions.map((action) => {
        const href = addressOf(action, core)
        return href ? (
          <a part="action" {...linkProps(href)}>
            {action.label}
          </a>
        ) : (
          <button type="button" part="action" onClick={() => act(action)}>
            {action.label}
          </button>
        )
      })}
    </div>
  )
}
