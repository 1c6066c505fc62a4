/** What the guide and the chunks it loads agree on. */
import type { ComponentType } from 'preact'
import type { Product, Slot } from '../../../edge/contract/edge.ts'
import type { CallOptions, Emit, MoreStrings, Strings } from '../../chunk-api/core.ts'

/** Every word there is in the visitor's language, an owner's own among them. */
export type Words = Strings & MoreStrings

/** Posts into the visitor's session, which is opened anew once when Caty forgot it. */
export type Post = <T>(path: string, body: Record<string, unknown>, how?: CallOptions) => Promise<T>

export type FormKind = 'lead' | 'contact' | 'quote' | 'newsletter' | 'feedback' | 'schedule' | 'offer'

/** A form as it was asked for. `byVisitor` ones take the focus; one that opens by itself must not. */
export type AskedForm = {
  kind: FormKind
  byVisitor: boolean
  fields?: readonly string[] | undefined
  product?: Product | undefined
  day?: string | undefined
  time?: string | undefined
  slots?: readonly Slot[] | undefined
}

/** What the visitor typed, under the fields' names. It outlives a form that was closed or could not be sent. */
export type Values = Record<string, string>
export type DaySlots = { calendar_connected?: boolean; slots: Slot[] }

export type FormProps = {
  asked: AskedForm
  said: Words
  values: Values
  post: Post
  slots: (day: string) => Promise<DaySlots>
  /** Day and time, where the form has them. */
  Schedule?: ComponentType<ScheduleProps> | undefined
  emit: Emit
  done: (thanks: string) => void
  close: () => void
}
export type ScheduleProps = Pick<FormProps, 'asked' | 'said' | 'values' | 'slots'> & {
  problems: Record<string, string>
  chosen: (name: 'date' | 'time', text: string) => void
}
export type ScheduleModule = { Schedule: ComponentType<ScheduleProps>; CSS: string }
export type FormsModule = { Form: ComponentType<FormProps>; CSS: string }

export type ProductsProps = {
  products: readonly Product[]
  said: Words
  /** Sends a message in the visitor's name. */
  send: (text: string) => void
  offer: (product: Product) => void
}
export type ProductsModule = { Products: ComponentType<ProductsProps>; CSS: string }

/** Opening hours at the business, and what to say outside of them. */
export type Availability = {
  timezone?: string | undefined
  hours?: Record<string, { start: string; end: string } | undefined> | undefined
}
export type HandoffProps = {
  said: Words
  availability: Availability | undefined
  offline: string | undefined
  /** Whether a colleague may be asked to join. */
  ask: boolean
  phone: string | undefined
  contactUrl: string | undefined
  post: Post
  write: () => void
  close: () => void
}
export type HandoffModule = { Handoff: ComponentType<HandoffProps>; CSS: string }

export type FilesProps = {
  said: Words
  post: Post
  /** A file has arrived; `answer` is what Caty says to it. */
  sent: (name: string, answer: string | undefined) => void
}
export type FilesModule = { Files: ComponentType<FilesProps>; CSS: string }
