/** The owner's buttons under the greeting. */
import type { SuggestedAction, WidgetConfig } from '../../../edge/contract/edge.ts'

const MOST = 4

/** At most four, labelled in the visitor's language, else in English, else as they come. */
export function welcome({ auto_config }: WidgetConfig, language: string): SuggestedAction[] {
  return (auto_config?.buttons ?? [])
    .filter(({ active, display_context }) => active !== false && display_context?.includes('welcome'))
    .flatMap(({ label, action, action_payload }): SuggestedAction[] => {
      const text = typeof label === 'string' ? label : (label[language] ?? label.en ?? Object.values(label)[0])
      const { items: _, ...payload } = action_payload ?? {}
      return text ? [{ label: text, action: action ?? 'send_message', payload }] : []
    })
    .slice(0, MOST)
}
