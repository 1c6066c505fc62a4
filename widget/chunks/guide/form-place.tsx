/** The form at the end of the conversation: which one is open, what the visitor typed, and which ones are done. */
import { type ComponentChildren, h } from 'preact'
import type { Chunks } from '../../chunk-api/chunks.ts'
import { isString } from '../../chunk-api/untrusted.ts'
import type { PanelHost } from '../../panel/slots.ts'
import type { FormKind, FormRequest, Post, Values } from './chunk-props.ts'
import type { ChunkView } from './chunk-view.tsx'
import type { LoadOnce } from './load-once.ts'

export type FormPlace = {
  isOpen: () => boolean
  open: (request: FormRequest) => void
  openByItself: (kind: FormKind) => void
  /** Whether a form of this kind may open by itself: each does once, and none that the visitor has sent or closed. */
  isNew: (kind: FormKind) => boolean
  /** Forgets everything the visitor typed. */
  clear: () => void
  view: () => ComponentChildren
}

type Needs = {
  forms: LoadOnce<Chunks['forms']>
  schedules: LoadOnce<Chunks['schedule']>
  post: Post
  render: ChunkView
}

export function formPlace(host: PanelHost, { forms, schedules, post, render }: Needs): FormPlace {
  const { core, connection, conversation, tabStore } = host
  const { root } = core
  let current: FormRequest | undefined
  let values: Values = {}
  /** Kinds that opened by themselves on this page. */
  let opened = new Set<FormKind>()
  /** The element that gets the focus back when the form is gone. */
  let focusedBefore: Element | null = null

  /** Kinds that the visitor has sent or closed in this tab. */
  const doneKinds = (): string[] => {
    const stored = tabStore.get('forms')
    return Array.isArray(stored) ? stored.filter(isString) : []
  }

  function open(request: FormRequest): void {
    focusedBefore = root.activeElement
    current = request
    host.draw()
    // If the form is already open, focus it now; a new form focuses itself on mount.
    if (request.byVisitor) root.querySelector<HTMLElement>('form[part=form] :is(input,textarea)')?.focus()
  }

  function finish(kind: FormKind): void {
    tabStore.set('forms', [...new Set([...doneKinds(), kind])])
    current = undefined
    host.draw()
    const target = focusedBefore?.isConnected ? focusedBefore : root.querySelector('textarea')
    if (target instanceof HTMLElement) target.focus()
  }

  const formView = (request: FormRequest): ComponentChildren =>
    render(forms, ({ Form }, strings) => {
      const fields = request.fields ?? core.config.capabilities?.lead_capture_fields
      const draw = (Schedule?: Chunks['schedule']['Schedule']) => (
        <Form
          key={request.kind + (request.product?.id ?? '') + (request.time ?? '')}
          {...{ strings, values, post, Schedule, request: { ...request, fields } }}
          loadSlots={(day) => connection.call(`/api/widget/schedule/slots?date=${day}`)}
          emit={core.emit}
          onClose={() => finish(request.kind)}
          onSent={(thanks) => {
            conversation.addReply(thanks)
            finish(request.kind)
          }}
        />
      )
      return request.kind === 'schedule' ? render(schedules, ({ Schedule }) => draw(Schedule)) : draw()
    })

  return {
    isOpen: () => !!current,
    open,
    openByItself(kind) {
      opened.add(kind)
      open({ kind, byVisitor: false })
    },
    isNew: (kind) => !opened.has(kind) && !doneKinds().includes(kind),
    clear() {
      current = undefined
      values = {}
      opened = new Set()
      tabStore.set('forms', undefined)
    },
    view: () => current && formView(current),
  }
}
