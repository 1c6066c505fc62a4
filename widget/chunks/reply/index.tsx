/**
 * The reply chunk: draws suggested actions, runs them, and loads the guide chunk for what only the guide can draw. Loaded
 * while the visitor waits for the first reply.
 */
import { h } from 'preact'
import type { SuggestedAction } from '../../../edge/contract/edge.ts'
import type { Load } from '../../chunk-api/chunks.ts'
import { type ActionsView, NEEDS_GUIDE, type PanelHost, type ReplyHandler } from '../../panel/slots.ts'
import { Actions } from './actions.tsx'
import css from './styles.css'
import { countUnread } from './unread.ts'

/** After so many messages a form may be due, and only the guide can tell. */
const GUIDE_AFTER_ENTRIES = 2

/** `load` tells the visitor when a chunk cannot be loaded. */
export function createReplyHandler(host: PanelHost, load: Load): ReplyHandler {
  const { core, conversation, slots } = host
  core.addStyles(css)
  countUnread(host)
  let loadingGuide: Promise<ReplyHandler> | undefined
  /** A guide that failed is loaded again when the visitor needs it, not with every drawing. */
  let guideFailed = false
  const guide = () => {
    loadingGuide ??= load('guide')
      .then((module) => module.createGuide(host, Suggestions))
      .catch((error) => {
        loadingGuide = undefined
        guideFailed = true
        throw error
      })
    return loadingGuide
  }

  const runAction = (chosen: SuggestedAction) => {
    const { action, label, value, payload } = chosen
    const sendText = () => host.send(payload?.message ?? value ?? label)
    if (action === 'dismiss') core.close()
    else if (action === 'navigate') core.emit('navigate', { page: payload?.page })
    else if (NEEDS_GUIDE.test(action ?? '')) guide().then((handler) => handler.runAction(chosen), sendText)
    else sendText()
  }
  const Suggestions: ActionsView = ({ actions }) => (
    <Actions {...{ core, strings: host.strings(), actions, runAction }} />
  )

  /** Loads the guide for the configuration, and for products of an earlier page or another tab. The guide replaces this. */
  slots.logEnd = () => {
    const { auto_config, capabilities } = core.config
    const needsGuide =
      auto_config ||
      capabilities?.capture_leads ||
      capabilities?.file_upload ||
      conversation.entries.some((entry) => entry.products ?? entry.picker)
    if (needsGuide && !loadingGuide && !guideFailed) guide().catch(() => undefined)
    return null
  }
  slots.actions = ({ actions = [] }) => actions.length > 0 && <Suggestions actions={actions} />
  host.draw()

  return {
    runAction,
    async prepareReply(answer, entry) {
      const needsGuide = NEEDS_GUIDE.test(JSON.stringify(answer)) || host.strings().code !== 'en'
      if (loadingGuide || needsGuide || conversation.entries.length > GUIDE_AFTER_ENTRIES)
        await (await guide()).prepareReply(answer, entry)
    },
  }
}
