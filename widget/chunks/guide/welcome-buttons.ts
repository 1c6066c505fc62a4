/** The owner's buttons under the greeting. */
import type { SuggestedAction, WidgetConfig } from '../../../edge/contract/edge.ts'

const MAX_BUTTONS = 4

/** At most four, labelled in the visitor's language, otherwise in English, otherwise in the first language there is. */
export function welcomeButtons({ auto_config }: WidgetConfig, language: string): SuggestedAction[] {
  return (auto_config?.buttons ?? [])
    .filter(({ active, display_context }) => active !== false && display_context?.includes('welcome'))
    .flatMap(({ label, action, action_payload }): SuggestedAction[] => {
      const text = typeof label === 'string' ? label : (label[language] ?? label.en ?? Object.values(label)[0])
      const { items: _, ...payload } = action_payload ?? {}
      return text ? [{ label: text, action: action ?? 'send_message', payload }] : []
    })
    .slice(0, MAX_BUTTONS)
}
