/**
 * The reply chunk: what a reply holds beside its text. Draws suggested actions and carries them out, and calls the guide
 * for what only the guide can draw. Loaded while the visitor waits for the first reply.
 */
import { h } from 'preact'
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Entry } from '../../panel/conversation.ts'
import { GUIDED, type Guide, type GuideModule, type PanelHost, type Reply } from '../../panel/slots.ts'
import { Actions } from './actions.tsx'
import { countUnread, UNREAD_CSS } from './unread.ts'

/** After so many messages a form may be due that only the guide can decide on. */
const GUIDE_AFTER = 2

const CSS = `.q{display:flex;flex-wrap:wrap;gap:8px;padding-top:4px}
.w .q>*{padding:6px 14px;border:1px solid var(--soft);border-radius:18px;font-size:14px;text-decoration:none;cursor:pointer}
.w .q>:hover{background:var(--in)}`

/** `load` tells the visitor when a chunk cannot be had. */
export function reply(host: PanelHost, load: <T>(name: string) => Promise<T>, send: (text: string) => void): Reply {
  const { core, conversation, slots } = host
  host.style(CSS + UNREAD_CSS)
  countUnread(host)
  let guiding: Promise<Guide> | undefined
  /** Then it is asked for again by what the visitor does, and not with every drawing. */
  let failed = false
  const guide = () => {
    guiding ??= load<GuideModule>('guide')
      .then((module) => module.guide(host, Suggested))
      .catch((error) => {
        guiding = undefined
        failed = true
        throw error
      })
    return guiding
  }

  const act = (chosen: SuggestedAction) => {
    const { action, label, value, payload } = chosen
    const plain = () => send(payload?.message ?? value ?? label)
    if (action === 'dismiss') core.close()
    else if (action === 'navigate') core.emit('navigate', { page: payload?.page })
    else if (GUIDED.test(action ?? '')) guide().then((guide) => guide.act(chosen), plain)
    else plain()
  }
  const Suggested = ({ actions }: { actions: readonly SuggestedAction[] }) => (
    <Actions {...{ core, strings: host.strings(), actions, act }} />
  )

  /** What the config adds, and cards of an earlier page or of another tab. The guide takes this slot over. */
  slots.end = () => {
    const { auto_config, capabilities } = core.config
    const due =
      auto_config ||
      capabilities?.capture_leads ||
      capabilities?.file_upload ||
      conversation.entries.some((entry) => entry.products ?? entry.picker)
    if (due && !guiding && !failed) guide().catch(() => undefined)
    return null
  }
  slots.actions = ({ actions = [] }: Entry) => actions.length > 0 && <Suggested actions={actions} />
  host.draw()

  return {
    act,
    async answered(answer, entry) {
      const special = GUIDED.test(JSON.stringify(answer)) || host.strings().code !== 'en'
      if (guiding || special || conversation.entries.length > GUIDE_AFTER) (await guide()).answered(answer, entry)
    },
  }
}
