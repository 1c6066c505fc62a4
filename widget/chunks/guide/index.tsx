/** The guide chunk: decides what a reply or an action needs beside text, loads it, and draws it in its place. */
import { Fragment, h } from 'preact'
import type { ChunkName, Chunks } from '../../chunk-api/chunks.ts'
import type { Entry } from '../../panel/entry.ts'
import type { ActionsView, PanelHost, ReplyHandler } from '../../panel/slots.ts'
import { runAction } from './actions.ts'
import { chunkView } from './chunk-view.tsx'
import { formPlace } from './form-place.tsx'
import { formFor } from './form-rules.ts'
import { type LoadOnce, loadOnce } from './load-once.ts'
import { extractRichContent } from './rich-content.ts'
import { postInSession } from './session-post.ts'
import { SlotPicker } from './slot-picker.tsx'
import { stringsSource } from './strings.ts'
import { welcomeButtons } from './welcome-buttons.ts'

/** Chunks whose module brings its own styles. */
type StyledChunk = { [Name in ChunkName]: Chunks[Name] extends { css: string } ? Name : never }[ChunkName]

/** Called once, by the reply chunk. `Actions` draws suggested actions. */
export function createGuide(host: PanelHost, Actions: ActionsView): ReplyHandler {
  const { core, connection, conversation, slots } = host
  const draw = () => host.draw()
  /** Read anew each time: the page may override the dashboard at any time. */
  const capabilities = () => core.config.capabilities ?? {}
  const chunk = <Name extends StyledChunk>(name: Name): LoadOnce<Chunks[Name]> =>
    loadOnce(async () => {
      const module = await core.load(name).catch((error) => {
        core.fail('chunk_blocked')
        throw error
      })
      core.addStyles(module.css)
      return module
    }, draw)
  const strings = stringsSource(host)
  const products = chunk('products')
  const handoffs = chunk('handoff')
  const files = chunk('files')
  const post = postInSession(connection)
  const render = chunkView(host, strings)
  const send = (text: string) =>
    void core
      .panel()
      .then((panel) => panel.sendMessage(text))
      .catch(() => 0)
  const form = formPlace(host, { forms: chunk('forms'), schedules: chunk('schedule'), post, render })
  let isHandoffOpen = false
  const openHandoff = () => {
    isHandoffOpen = true
    draw()
  }
  const closeHandoff = () => {
    isHandoffOpen = false
    draw()
  }

  const handoff = () => {
    const { business, handoff: people } = core.config
    return render(handoffs, ({ Handoff }, known) => (
      <Handoff
        {...{ strings: known, post, availability: people?.availability, offlineMessage: people?.offline_message }}
        {...{ phone: business?.phone, contactUrl: business?.contact_url }}
        mayAsk={capabilities().handoff_human !== false}
        onWrite={() => {
          isHandoffOpen = false
          form.open({ kind: 'contact', byVisitor: true })
        }}
        onClose={closeHandoff}
      />
    ))
  }

  slots.logEnd = () => (
    <>
      {!conversation.entries.length && !form.isOpen() && core.config.auto_config?.buttons && (
        <Actions actions={welcomeButtons(core.config, host.strings().code)} />
      )}
      {isHandoffOpen && handoff()}
      {form.view()}
    </>
  )

  slots.attachments = (entry) => (
    <>
      {Array.isArray(entry.products) &&
        render(products, ({ Products }, known) => (
          <Products
            {...{ strings: known, send, products: entry.products ?? [] }}
            onOffer={(product) => form.open({ kind: 'offer', byVisitor: true, product })}
          />
        ))}
      {entry.picker && entry === conversation.entries.at(-1) && (
        <SlotPicker picker={entry.picker} label={host.strings().suggestions} openForm={form.open} />
      )}
    </>
  )

  slots.composerTools = () =>
    capabilities().file_upload &&
    render(files, ({ Files }, known) => (
      <Files
        {...{ strings: known, post }}
        onSent={(name, reply) => {
          conversation.entries.push({ id: `${Math.random()}`, role: 'user', text: `📎 ${name}`, at: Date.now() })
          conversation.addReply(reply ?? known.fileSent.replace('{name}', name))
        }}
      />
    ))

  slots.header = () => {
    const known = capabilities().handoff_human && strings.get()
    return (
      known && (
        <button
          type="button"
          class="icon-button"
          part="handoff-button"
          aria-label={known.handoffTitle}
          title={known.handoffTitle}
          onClick={openHandoff}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-3 4-5 8-5s7 2 8 5" />
          </svg>
        </button>
      )
    )
  }

  // The next person who uses the browser sees nothing of this one.
  const clear = conversation.clear.bind(conversation)
  conversation.clear = () => {
    isHandoffOpen = false
    form.clear()
    clear()
  }

  function showContent(entry: Entry): void {
    extractRichContent(entry)
    if (entry.products?.length) {
      core.emit('products', { products: entry.products })
      products.get()
    }
  }

  // For what an earlier page left in the conversation, and for the buttons of the configuration.
  draw()
  return {
    prepareReply(answer, entry) {
      showContent(entry)
      const kind = formFor({
        answer,
        config: core.config,
        messages: conversation.entries.filter(({ role }) => role === 'user').length,
        isNew: form.isNew,
      })
      // A visitor who is filling in a form gets no other one.
      if (kind && !form.isOpen()) form.openByItself(kind)
    },
    runAction(chosen) {
      runAction(chosen, {
        openForm: form.open,
        openHandoff,
        send,
        order: (name) =>
          void strings.load().then(
            ({ order }) => send(order.replace('{name}', name)),
            () => send(name),
          ),
        showContent(action) {
          for (const entry of conversation.entries) if (entry.actions?.includes(action)) showContent(entry)
        },
      })
      draw()
    },
  }
}
