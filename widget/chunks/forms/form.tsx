/** A form at the end of the conversation. What the visitor typed stays until it has been sent. */
import { Component, h } from 'preact'
import { isComposing } from '../../chunk-api/composing.ts'
import type { FormProps } from '../guide/chunk-props.ts'
import { dayText } from './days.ts'
import { FieldView } from './field.tsx'
import { type Field, fieldsOf, TITLES } from './fields.ts'
import { emitSent, formCall } from './request.ts'
import { failureTexts, type Problems, problemOf, validate } from './validate.ts'

type State = { problems: Problems; failure: string; isSending: boolean }

export class Form extends Component<FormProps, State> {
  override state: State = { problems: {}, failure: '', isSending: false }
  #form: HTMLFormElement | null = null
  /** After the next drawing, the first invalid field gets the focus. */
  #focusInvalid = false

  override componentDidMount(): void {
    // A form that opened by itself scrolls into view and leaves the focus where it is.
    const { byVisitor } = this.props.request
    if (byVisitor) this.#focus('input,textarea')
    const log = this.#form?.closest('[role=log]')
    if (this.#form && log)
      log.scrollTop = Math.max(log.scrollTop, this.#form.offsetTop - (byVisitor ? 60 : log.clientHeight - 160))
  }

  override componentDidUpdate(): void {
    if (!this.#focusInvalid) return
    this.#focusInvalid = false
    this.#focus(':is(input,textarea)[aria-invalid=true],[aria-invalid=true] input')
  }

  #focus(selector: string): void {
    const target = this.#form?.querySelector<HTMLElement>(selector)
    target?.focus()
  }

  #onType(field: Field, text: string): void {
    const { values } = this.props
    values[field.name] = text
    const { [field.name]: _, ...problems } = this.state.problems
    this.setState({ problems })
  }

  /** An invalid value is reported when the visitor leaves the field, a missing one when they send the form. */
  #onLeave(field: Field): void {
    const { values, strings } = this.props
    const problem = values[field.name]?.trim() && problemOf(field, values, strings)
    if (problem) this.setState({ problems: { ...this.state.problems, [field.name]: problem } })
  }

  async #submit(fields: readonly Field[]): Promise<void> {
    const { request, values, strings, post, emit, onSent } = this.props
    if (this.state.isSending) return
    const problems = validate(fields, values, strings)
    if (Object.keys(problems).length > 0) return this.#showProblems(problems, '')
    this.setState({ problems, failure: '', isSending: true })
    const call = formCall(request, fields, values)
    try {
      await post(call.path, call.body)
    } catch (error) {
      const texts = failureTexts(error, fields, strings)
      return this.#showProblems(texts.problems, texts.failure)
    }
    emitSent(request.kind, call, emit)
    const thanks = this.#thanks()
    // The answers are sent and go; who the visitor is stays for the next form.
    for (const { name, type } of fields) if (!/^(text|email|tel)$/.test(type)) delete values[name]
    onSent(thanks)
  }

  #showProblems(problems: Problems, failure: string): void {
    this.#focusInvalid = true
    this.setState({ problems, failure, isSending: false })
  }

  #thanks(): string {
    const { request, strings, values } = this.props
    const { date = '', time = '' } = values
    if (request.kind === 'newsletter') return strings.thanksNewsletter
    if (request.kind === 'feedback') return strings.thanksFeedback
    if (request.kind !== 'schedule') return strings.thanks
    return strings.thanksSchedule.replace('{date}', dayText(date, strings.code, 'long')).replace('{time}', time)
  }

  render(
    { request, strings, values, loadSlots, onClose, Schedule }: FormProps,
    { problems, failure, isSending }: State,
  ) {
    const fields = fieldsOf(request, strings)
    const { kind, product } = request
    return (
      <form
        ref={(node) => {
          this.#form = node
        }}
        class="form"
        part="form"
        noValidate
        aria-labelledby="caty-form"
        aria-busy={isSending}
        onSubmit={(event) => {
          event.preventDefault()
          void this.#submit(fields)
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || isComposing(event)) return
          // The first Escape closes the form, the next one the chat.
          event.stopPropagation()
          onClose()
        }}
      >
        <p class="form-title" id="caty-form">
          {strings[TITLES[kind]]}
        </p>
        {product && <p>{product.name}</p>}
        {fields.map((field) =>
          field.type === 'day' || field.type === 'time' ? null : (
            <FieldView
              key={field.name}
              {...{ field, strings, value: values[field.name] ?? '', problem: problems[field.name] }}
              onType={(text) => this.#onType(field, text)}
              onLeave={() => this.#onLeave(field)}
            />
          ),
        )}
        {Schedule && (
          <Schedule
            {...{ request, strings, values, loadSlots, problems }}
            onChoose={(name, text) => {
              const field = fields.find((one) => one.name === name)
              if (field) this.#onType(field, text)
            }}
          />
        )}
        {failure && (
          <p class="field-error" role="alert">
            {failure}
          </p>
        )}
        <div class="form-buttons">
          <button type="submit" class="primary" aria-disabled={isSending}>
            {isSending ? strings.sending : strings.submit}
          </button>
          <button type="button" onClick={onClose}>
            {strings.cancel}
          </button>
        </div>
      </form>
    )
  }
}
