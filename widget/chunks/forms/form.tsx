/** A form at the end of the conversation. What is typed stays until it has arrived. */
import { Component, h } from 'preact'
import type { FormProps } from '../guide/chunk-props.ts'
import { dayText } from './days.ts'
import { FieldView } from './field.tsx'
import { type Field, fieldsOf, TITLES } from './fields.ts'
import { announce, outgoing } from './request.ts'
import { check, complaint, type Problems, verdict } from './validate.ts'

type State = { problems: Problems; failure: string; busy: boolean }

export class Form extends Component<FormProps, State> {
  override state: State = { problems: {}, failure: '', busy: false }
  #form: HTMLFormElement | null = null
  /** What has just been refused is told where it is: the focus goes there once it is drawn. */
  #refused = false

  override componentDidMount(): void {
    // A form that opened by itself shows its head and leaves the focus with the visitor.
    const { byVisitor } = this.props.asked
    if (byVisitor) this.#focus('input,textarea')
    const log = this.#form?.closest('[role=log]')
    if (this.#form && log)
      log.scrollTop = Math.max(log.scrollTop, this.#form.offsetTop - (byVisitor ? 60 : log.clientHeight - 160))
  }

  override componentDidUpdate(): void {
    if (!this.#refused) return
    this.#refused = false
    this.#focus(':is(input,textarea)[aria-invalid=true],[aria-invalid=true] input')
  }

  #focus(selector: string): void {
    const target = this.#form?.querySelector<HTMLElement>(selector)
    target?.focus()
  }

  #type(field: Field, text: string): void {
    const { values } = this.props
    values[field.name] = text
    const { [field.name]: _, ...problems } = this.state.problems
    this.setState({ problems })
  }

  /** A wrong address is told when the field is left, a missing one only when the form is sent. */
  #leave(field: Field): void {
    const { values, said } = this.props
    const wrong = values[field.name]?.trim() && complaint(field, values, said)
    if (wrong) this.setState({ problems: { ...this.state.problems, [field.name]: wrong } })
  }

  async #submit(fields: readonly Field[]): Promise<void> {
    const { asked, values, said, post, emit, done } = this.props
    if (this.state.busy) return
    const problems = check(fields, values, said)
    if (Object.keys(problems).length > 0) return this.#complain(problems, '')
    this.setState({ problems, failure: '', busy: true })
    const sent = outgoing(asked, fields, values)
    try {
      await post(sent.path, sent.body)
    } catch (error) {
      const told = verdict(error, fields, said)
      return this.#complain(told.problems, told.failure)
    }
    announce(asked.kind, sent, emit)
    const thanks = this.#thanks()
    // What was asked is answered; who the visitor is, the next form need not ask again.
    for (const { name, type } of fields) if (!/^(text|email|tel)$/.test(type)) delete values[name]
    done(thanks)
  }

  #complain(problems: Problems, failure: string): void {
    this.#refused = true
    this.setState({ problems, failure, busy: false })
  }

  #thanks(): string {
    const { asked, said, values } = this.props
    const { date = '', time = '' } = values
    if (asked.kind === 'newsletter') return said.thanksNewsletter
    if (asked.kind === 'feedback') return said.thanksFeedback
    if (asked.kind !== 'schedule') return said.thanks
    return said.thanksSchedule.replace('{date}', dayText(date, said.code, 'long')).replace('{time}', time)
  }

  render({ asked, said, values, slots, close, Schedule }: FormProps, { problems, failure, busy }: State) {
    const fields = fieldsOf(asked, said)
    const { kind, product } = asked
    return (
      <form
        ref={(node) => {
          this.#form = node
        }}
        class="fo"
        part="form"
        noValidate
        aria-labelledby="caty-form"
        aria-busy={busy}
        onSubmit={(event) => {
          event.preventDefault()
          void this.#submit(fields)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.isComposing) return
          // The first Escape closes the form, the next one the chat.
          event.stopPropagation()
          close()
        }}
      >
        <p class="ft" id="caty-form">
          {said[TITLES[kind]]}
        </p>
        {product && <p>{product.name}</p>}
        {fields.map((field) =>
          field.type === 'day' || field.type === 'time' ? null : (
            <FieldView
              key={field.name}
              {...{ field, said, value: values[field.name] ?? '', problem: problems[field.name] }}
              typed={(text) => this.#type(field, text)}
              left={() => this.#leave(field)}
            />
          ),
        )}
        {Schedule && (
          <Schedule
            {...{ asked, said, values, slots, problems }}
            chosen={(name, text) => {
              const field = fields.find((one) => one.name === name)
              if (field) this.#type(field, text)
            }}
          />
        )}
        {failure && (
          <p class="er" role="alert">
            {failure}
          </p>
        )}
        <div class="fb">
          <button type="submit" class="go" aria-disabled={busy}>
            {busy ? said.sending : said.submit}
          </button>
          <button type="button" onClick={close}>
            {said.cancel}
          </button>
        </div>
      </form>
    )
  }
}
