/** What the guide passes to the components of the chunks it loads. */
import type { ComponentType } from 'preact'
import type { Product, Slot } from '../../../edge/contract/edge.ts'
import type { CallOptions } from '../../chunk-api/connection.ts'
import type { Emit } from '../../chunk-api/events.ts'
import type { AllStrings } from '../../chunk-api/strings.ts'

/** Posts in the visitor's session. Rejects with `CallError`. */
export type Post = <T>(path: string, body: Record<string, unknown>, options?: CallOptions) => Promise<T>

export type FormKind = 'lead' | 'contact' | 'quote' | 'newsletter' | 'feedback' | 'schedule' | 'offer'

/** A form that is to open. One that the visitor asks for takes the focus; one that opens by itself must not. */
export type FormRequest = {
  kind: FormKind
  byVisitor: boolean
  fields?: readonly string[] | undefined
  product?: Product | undefined
  /** `YYYY-MM-DD`, like `date` in the values. */
  day?: string | undefined
  time?: string | undefined
  slots?: readonly Slot[] | undefined
}

/** What the visitor typed, by the fields' names. It outlives a form that was closed or could not be sent. */
export type Values = Record<string, string>
export type DaySlots = { calendar_connected?: boolean; slots: Slot[] }

export type FormProps = {
  request: FormRequest
  strings: AllStrings
  values: Values
  post: Post
  loadSlots: (day: string) => Promise<DaySlots>
  /** Draws day and time of an appointment. */
  Schedule?: ComponentType<ScheduleProps> | undefined
  emit: Emit
  /** Called with a sentence of thanks. */
  onSent: (thanks: string) => void
  onClose: () => void
}
export type ScheduleProps = Pick<FormProps, 'request' | 'strings' | 'values' | 'loadSlots'> & {
  problems: Record<string, string>
  onChoose: (name: 'date' | 'time', text: string) => void
}

export type ProductsProps = {
  products: readonly Product[]
  strings: AllStrings
  send: (text: string) => void
  onOffer: (product: Product) => void
}

/** Opening hours of the business. */
export type Availability = {
  timezone?: string | undefined
  hours?: Record<string, { start: string; end: string } | undefined> | undefined
}
export type HandoffProps = {
  strings: AllStrings
  availability: Availability | undefined
  /** What the owner says outside opening hours. */
  offlineMessage: string | undefined
  /** Whether a colleague may be asked to join. */
  mayAsk: boolean
  phone: string | undefined
  contactUrl: string | undefined
  post: Post
  onWrite: () => void
  onClose: () => void
}

export type FilesProps = {
  strings: AllStrings
  post: Post
  /** Called when a file has arrived, with what Caty replies to it. */
  onSent: (name: string, reply: string | undefined) => void
}
