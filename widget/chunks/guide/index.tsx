/** The guide chunk: decides what a reply or an action needs beside text, loads it, and says where it is drawn. */
import { type ComponentChildren, Fragment, h } from 'preact'
import { adopt } from '../../chunk-api/styles.ts'
import type { Entry } from '../../panel/conversation.ts'
import type { Guide, GuideModule, PanelHost } from '../../panel/slots.ts'
import { act } from './actions.ts'
import type {
  AskedForm,
  FilesModule,
  FormKind,
  FormsModule,
  HandoffModule,
  ProductsModule,
  ScheduleModule,
  Values,
  Words,
} from './chunk-props.ts'
import { formFor } from './form-rules.ts'
import { type Lazy, lazy } from './load-once.ts'
import { takeApart } from './rich-content.ts'
import { postIn } from './session-post.ts'
import { Picker } from './slot-picker.tsx'
import { wordsOf } from './strings.ts'
import { welcome } from './welcome-buttons.ts'

/** The panel's own: a copy of it would weigh 400 bytes. */
type ActionsView = Parameters<GuideModule['guide']>[1]

/** Called once, by the panel. */
export function guide(host: PanelHost, Actions: ActionsView): Guide {
  const { core, link, conversation, slots, tab } = host
  const { root } = core
  /** As it is now: the page may overrule the dashboard at any time. */
  const can = () => core.config.capabilities ?? {}
  const draw = () => host.draw()
  const chunk = <T extends { CSS: string }>(name: string): Lazy<T> =>
    lazy(async () => {
      const module = await core.load<T>(name).catch((error) => {
        core.fail('chunk_blocked')
        throw error
      })
      adopt(root, module.CSS)
      return module
    }, draw)
  const words = wordsOf(host)
  const forms = chunk<FormsModule>('forms')
  const schedules = chunk<ScheduleModule>('schedule')
  const products = chunk<ProductsModule>('products')
  const handoffs = chunk<HandoffModule>('handoff')
  const files = chunk<FilesModule>('files')
  const post = postIn(link)

  let form: AskedForm | undefined
  let handoff = false
  let values: Values = {}
  /** Kinds that opened by themselves on this page. */
  let shown = new Set<FormKind>()
  /** Where the focus goes back to when the form is gone. */
  let before: Element | null = null

  /** Kinds the visitor has sent or closed: these do not come back by themselves in this tab. */
  const settled = (): unknown[] => {
    const kept = tab.get('forms')
    return Array.isArray(kept) ? kept : []
  }
  const send = (text: string) =>
    void core
      .panel()
      .then((panel) => panel.sendMessage(text))
      .catch(() => 0)

  function open(asked: AskedForm): void {
    before = root.activeElement
    form = asked
    draw()
    // One that had opened by itself is there already, and is now asked for; a new one takes the focus when it comes.
    if (asked.byVisitor) root.querySelector<HTMLElement>('form[part=form] :is(input,textarea)')?.focus()
  }

  function settle(kind: FormKind): void {
    tab.set('forms', [...new Set([...settled(), kind])])
    form = undefined
    draw()
    const composer = root.querySelector('textarea')
    const back = before?.isConnected ? before : composer
    if (back instanceof HTMLElement) back.focus()
  }

  /** What a chunk draws, once it and its words are there; where one cannot load, that, and a way to try again. */
  function part<T>(module: Lazy<T>, view: (loaded: T, said: Words) => ComponentChildren): ComponentChildren {
    const loaded = module.get()
    const said = words.get()
    if (loaded && said) return view(loaded, said)
    const broken = [module, words.now()].filter((one) => one.failed())
    if (!broken.length) return undefined
    return (
      <div class="r" role="status">
        {said?.chunkFailed ?? host.strings().unavailable}{' '}
        <button
          type="button"
          onClick={() => {
            for (const one of broken) one.again()
          }}
        >
          {host.strings().retry}
        </button>
      </div>
    )
  }

  const opened = (asked: AskedForm) =>
    part(forms, ({ Form }, said) => {
      const draw = (Schedule?: ScheduleModule['Schedule']) => (
        <Form
          key={asked.kind + (asked.product?.id ?? '') + (asked.time ?? '')}
          {...{ said, values, post, Schedule, asked: { ...asked, fields: asked.fields ?? can().lead_capture_fields } }}
          slots={(day) => link.call(`/api/widget/schedule/slots?date=${day}`)}
          emit={core.emit}
          close={() => settle(asked.kind)}
          done={(thanks) => {
            conversation.say(thanks)
            settle(asked.kind)
          }}
        />
      )
      return asked.kind === 'schedule' ? part(schedules, ({ Schedule }) => draw(Schedule)) : draw()
    })

  slots.end = () => {
    const { auto_config, business, handoff: people } = core.config
    return (
      <>
        {!conversation.entries.length && !form && auto_config?.buttons && (
          <Actions actions={welcome(core.config, host.strings().code)} />
        )}
        {handoff &&
          part(handoffs, ({ Handoff }, said) => (
            <Handoff
              {...{ said, post, availability: people?.availability, offline: people?.offline_message }}
              {...{ phone: business?.phone, contactUrl: business?.contact_url }}
              ask={can().handoff_human !== false}
              write={() => {
                handoff = false
                open({ kind: 'contact', byVisitor: true })
              }}
              close={() => {
                handoff = false
                draw()
              }}
            />
          ))}
        {form && opened(form)}
      </>
    )
  }

  slots.entry = (entry) => (
    <>
      {Array.isArray(entry.products) &&
        part(products, ({ Products }, said) => (
          <Products
            {...{ said, send, products: entry.products ?? [] }}
            offer={(product) => open({ kind: 'offer', byVisitor: true, product })}
          />
        ))}
      {entry.picker && entry === conversation.entries.at(-1) && (
        <Picker picker={entry.picker} label={host.strings().suggestions} open={open} />
      )}
    </>
  )

  slots.tools = () =>
    can().file_upload &&
    part(files, ({ Files }, said) => (
      <Files
        {...{ said, post }}
        sent={(name, answer) => {
          conversation.entries.push({ id: `${Math.random()}`, role: 'user', text: `📎 ${name}`, at: Date.now() })
          conversation.say(answer ?? said.fileSent.replace('{name}', name))
        }}
      />
    ))

  slots.head = () => {
    const said = can().handoff_human && words.get()
    return (
      said && (
        <button
          type="button"
          class="x"
          part="handoff-button"
          aria-label={said.handoffTitle}
          title={said.handoffTitle}
          onClick={() => ours.act({ label: '', action: 'handoff' })}
        >
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20c1-3 4-5 8-5s7 2 8 5" />
          </svg>
        </button>
      )
    )
  }

  /** The next person at the machine sees nothing of this one. */
  const clear = conversation.clear.bind(conversation)
  conversation.clear = () => {
    form = undefined
    handoff = false
    values = {}
    shown = new Set()
    tab.set('forms', undefined)
    clear()
  }

  function apart(entry: Entry): void {
    takeApart(entry)
    if (entry.products?.length) {
      core.emit('products', { products: entry.products })
      products.get()
    }
  }

  const ours: Guide = {
    answered(answer, entry) {
      apart(entry)
      const kind = formFor({
        answer,
        config: core.config,
        messages: conversation.entries.filter(({ role }) => role === 'user').length,
        fresh: (kind) => !shown.has(kind) && !settled().includes(kind),
      })
      // Somebody who is filling in a form is not given another one unasked.
      if (!kind || form) return
      shown.add(kind)
      open({ kind, byVisitor: false })
    },
    act(chosen) {
      act(chosen, {
        open,
        send,
        order: (name) =>
          void words.ready().then(
            ({ order }) => send(order.replace('{name}', name)),
            () => send(name),
          ),
        handoff() {
          handoff = true
        },
        unpack(action) {
          for (const entry of conversation.entries) if (entry.actions?.includes(action)) apart(entry)
        },
      })
      draw()
    },
  }
  // What an earlier page left in the conversation, and the buttons of the config.
  draw()
  return ours
}
