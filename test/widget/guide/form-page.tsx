/** A form on a page of the tests, and a record of everything it does. */
import { h, render } from 'preact'
import { Form } from '../../../widget/chunks/forms/form.tsx'
import type { FormProps, FormRequest } from '../../../widget/chunks/guide/chunk-props.ts'
import { CallError, type CallFault } from '../../../widget/client/errors.ts'
import { settled, strings } from './strings.ts'

type Sent = { path: string; body: Record<string, unknown> }

/** `fails` lists how the calls end, in their order. */
export function open(
  request: Partial<FormRequest>,
  fails: (CallFault | undefined)[] = [],
  more: Partial<FormProps> = {},
) {
  const place = document.createElement('div')
  document.body.replaceChildren(place)
  const seen = { sent: [] as Sent[], events: [] as [string, unknown][], thanks: [] as string[], closed: 0 }
  const values = {}
  const props: FormProps = {
    request: { kind: 'lead', byVisitor: false, ...request },
    strings,
    values,
    async post(path, body) {
      seen.sent.push({ path, body })
      const fault = fails.shift()
      if (fault) throw new CallError(fault)
      return JSON.parse('{}')
    },
    loadSlots: async () => ({ slots: [] }),
    emit: (event, ...[detail]) => void seen.events.push([event, detail]),
    onSent: (thanks) => seen.thanks.push(thanks),
    onClose: () => {
      seen.closed += 1
    },
    ...more,
  }
  render(<Form {...props} />, place)
  const find = <E extends HTMLElement>(selector: string) => place.querySelector<E>(selector)
  return {
    place,
    seen,
    find,
    values,
    names: () => [...place.querySelectorAll('[name]')].map((field) => field.getAttribute('name')),
    problem: (name: string) => find(`#caty-${name}-e`)?.textContent ?? '',
    type(name: string, text: string) {
      const field = find<HTMLInputElement>(`[name=${name}]`)
      if (!field) throw new Error(`no field ${name}`)
      field.value = text
      field.dispatchEvent(new Event('input', { bubbles: true }))
    },
    async submit() {
      find('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }))
      await settled()
      await settled()
    },
  }
}
