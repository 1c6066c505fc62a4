/** What Caty documents for `configure()` beyond the tag's attributes. The launcher applies those, this file the rest. */
import type { Core } from '../../chunk-api/core.ts'
import { booleanOf, membersOf, stringOf } from '../../chunk-api/untrusted.ts'
import { applyColours } from './colours.ts'

type Members = Readonly<Record<string, unknown>>

let opening: ReturnType<typeof setTimeout> | undefined

export function applyPageOptions(core: Core, options: Members): void {
  const { showLauncher, autoOpen, autoOpenDelay, colors, features } = options
  const visible = booleanOf(options.visible)
  if (visible !== undefined) core.root.host.toggleAttribute('hidden', !visible)
  if (typeof showLauncher === 'boolean') core.configure({ launcher: showLauncher ? 'bubble' : 'none' })
  const persona = membersOf(options.persona)
  const greeting = stringOf(persona.greeting)
  if (greeting !== undefined && options.greeting === undefined) core.configure({ greeting })
  applyColours(core, membersOf(colors), true)
  if (autoOpen !== undefined) clearTimeout(opening)
  if (autoOpen === true) opening = setTimeout(() => void core.open(), Number(autoOpenDelay) || 0)
  const { collectEmail } = membersOf(options.behavior)
  if (features || options.persona || collectEmail !== undefined)
    whenReady(core, () => overrideConfig(core, { leadCapture: collectEmail, ...membersOf(features) }, persona))
}

/** What the owner's page says counts before what the dashboard says. */
function overrideConfig(core: Core, features: Members, persona: Members): void {
  const { leadCapture, humanHandoff, fileUpload, proactiveMessages } = features
  const { capabilities, behavior } = core.config
  const name = stringOf(persona.name)
  core.config = {
    ...core.config,
    persona: { ...core.config.persona, ...(name !== undefined && { name }) },
    capabilities: {
      ...capabilities,
      capture_leads: booleanOf(leadCapture) ?? capabilities?.capture_leads,
      handoff_human: booleanOf(humanHandoff) ?? capabilities?.handoff_human,
      file_upload: booleanOf(fileUpload) ?? capabilities?.file_upload,
    },
    behavior: {
      ...behavior,
      proactive: { ...behavior?.proactive, enabled: booleanOf(proactiveMessages) ?? behavior?.proactive?.enabled },
    },
  }
  core.pageRules?.update()
  core.configure()
}

/** Runs once the configuration is there. */
function whenReady(core: Core, run: () => void): void {
  const once = () => {
    core.off('ready', once)
    run()
  }
  if (core.bearerToken) run()
  else core.on('ready', once)
}
