/** The appointment form: days of the visitor's calendar, times of the edge. */
import { describe, expect, it } from 'vitest'
import type { FormProps, FormRequest } from '../../../widget/chunks/guide/chunk-props.ts'
import { Schedule } from '../../../widget/chunks/schedule/index.tsx'
import { open } from './form-page.tsx'
import { settled, strings } from './strings.ts'

describe('an appointment', () => {
  const book = async (loadSlots: FormProps['loadSlots'], request: Partial<FormRequest> = {}) => {
    const form = open({ kind: 'schedule', ...request }, [], { Schedule, loadSlots })
    form.type('name', 'Ada')
    form.type('phone', '+1 555 0100')
    const radios = (name: string) => [...form.place.querySelectorAll<HTMLInputElement>(`input[name=${name}]`)]
    return {
      form,
      radios,
      async choose(name: string, at: number) {
        radios(name)[at]?.click()
        await settled()
        await settled()
      },
    }
  }

  it('offers seven days, and the times that the edge has for a day', async () => {
    const asked: string[] = []
    const { form, radios, choose } = await book(async (day) => {
      asked.push(day)
      return { calendar_connected: true, slots: [{ label: '10:00' }, { label: '11:30' }] }
    })
    expect(radios('date')).toHaveLength(7)
    await choose('date', 2)
    expect(asked).toEqual([radios('date')[2]?.value])
    expect(form.place.textContent).toContain(strings.synced)
    await choose('time', 1)
    await form.submit()
    const body = { name: 'Ada', phone: '+1 555 0100', date: asked[0], time: '11:30' }
    expect(form.seen.sent).toEqual([{ path: '/api/widget/schedule', body }])
    expect(form.seen.events[0]).toEqual(['scheduled', body])
    expect(form.seen.thanks[0]).toContain('11:30')
  })

  it('says when a day has no times, and when times cannot be loaded, with a Retry button', async () => {
    const answers = [
      () => Promise.resolve({ slots: [] }),
      () => Promise.reject(new Error('down')),
      () => Promise.resolve({ slots: [{ label: '9:00' }] }),
    ]
    const { form, radios, choose } = await book(() => answers.shift()?.() ?? Promise.reject(new Error('no more')))
    await choose('date', 0)
    expect(form.place.textContent).toContain(strings.noTimes)
    await choose('date', 1)
    expect(form.place.textContent).toContain(strings.timesFailed)
    expect(radios('time')).toHaveLength(0)
    await form.submit()
    expect(form.seen.sent).toEqual([])
    form.find<HTMLButtonElement>('.link-button')?.click()
    await settled()
    await settled()
    expect(radios('time').map(({ value }) => value)).toEqual(['9:00'])
  })

  it('asks for the time again after another day is chosen', async () => {
    const { form, radios, choose } = await book(async () => ({ slots: [{ label: '10:00' }] }))
    await choose('date', 0)
    await choose('time', 0)
    await choose('date', 1)
    expect(radios('time').map(({ checked }) => checked)).toEqual([false])
    await form.submit()
    expect(form.problem('time')).toBe(strings.required)
    expect(form.seen.sent).toEqual([])
  })

  it('shows the times of the day chosen last, whichever answer comes first', async () => {
    const waiting: (() => void)[] = []
    const { radios, choose } = await book(
      (day) => new Promise((resolve) => waiting.push(() => resolve({ slots: [{ label: day }] }))),
    )
    await choose('date', 0)
    await choose('date', 1)
    waiting[1]?.()
    waiting[0]?.()
    await settled()
    await settled()
    expect(radios('time').map(({ value }) => value)).toEqual([radios('date')[1]?.value])
  })

  it('starts with the day and time that the visitor chose in the conversation', async () => {
    const { form, radios } = await book(async () => ({ slots: [] }), {
      day: '2030-02-03',
      time: '14:00',
      slots: [{ label: '13:00' }, { label: '14:00' }],
    })
    await settled()
    expect(radios('date').find(({ checked }) => checked)?.value).toBe('2030-02-03')
    expect(radios('time').find(({ checked }) => checked)?.value).toBe('14:00')
    await form.submit()
    expect(form.seen.sent[0]?.body).toMatchObject({ date: '2030-02-03', time: '14:00' })
  })
})
