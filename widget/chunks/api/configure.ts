/** What Caty documents for `configure()` beyond the tag's attributes. The launcher knows those; the rest is applied here. */
import type { Core } from '../../chunk-api/core.ts'
import { dress } from './colours.ts'

type Wishes = Record<string, unknown>

let opening: ReturnType<typeof setTimeout> | undefined

export function applyWishes(core: Core, wishes: Wishes): void {
  const { visible, showLauncher, autoOpen, autoOpenDelay, colors, features, persona, behavior } = wishes
  if (typeof visible === 'boolean') core.root.host.toggleAttribute('hidden', !visible)
  if (typeof showLauncher === 'boolean') core.configure({ launcher: showLauncher ? 'bubble' : 'none' })
  const { greeting } = Object(persona)
  if (typeof greeting === 'string' && wishes.greeting === undefined) core.configure({ greeting })
  dress(core, Object(colors), true)
  if (autoOpen !== undefined) clearTimeout(opening)
  if (autoOpen === true) opening = setTimeout(() => void core.open(), Number(autoOpenDelay) || 0)
  const { collectEmail } = Object(behavior)
  if (features || persona || collectEmail !== undefined) {
    whenReady(core, () => overrule(core, { leadCapture: collectEmail, ...Object(features) }, Object(persona)))
  }
}

/** The owner's page has the last word on what the dashboard turned on. */
function overrule(core: Core, features: Wishes, persona: Wishes): void {
  const { leadCapture, humanHandoff, fileUpload, proactiveMessages } = features
  const { capabilities, behavior } = core.config
  core.config = {
    ...core.config,
    persona: { ...core.config.persona, ...(typeof persona.name === 'string' && { name: persona.name }) },
    capabilities: {
      ...capabilities,
      capture_leads: flag(leadCapture) ?? capabilities?.capture_leads,
      handoff_human: flag(humanHandoff) ?? capabilities?.handoff_human,
      file_upload: flag(fileUpload) ?? capabilities?.file_upload,
    },
    behavior: {
      ...behavior,
      proactive: { ...behavior?.proactive, enabled: flag(proactiveMessages) ?? behavior?.proactive?.enabled },
    },
  }
  core.page?.update()
  core.configure()
}

const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

function whenReady(core: Core, run: () => void): void {
  const once = () => {
    core.off('ready', once)
    run()
  }
  if (core.grant) run()
  else core.on('ready', once)
}
