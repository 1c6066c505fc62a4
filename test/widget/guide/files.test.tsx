/** Files are checked before the upload, sent with progress and can be cancelled; by button, drop and paste. */
import { h, render } from 'preact'
import { describe, expect, it } from 'vitest'
import { Files } from '../../../widget/chunks/files/index.tsx'
import { MAX_BYTES, refusal } from '../../../widget/chunks/files/validate.ts'
import type { FilesProps, Post } from '../../../widget/chunks/guide/chunk-props.ts'
import { CallError } from '../../../widget/client/errors.ts'
import { settled, strings } from './strings.ts'

describe('which files may be sent', () => {
  it.each([
    ['offer.pdf', 10, undefined],
    ['PHOTO.JPG', MAX_BYTES, undefined],
    ['photo.png', MAX_BYTES + 1, 'size'],
    ['tool.exe', 10, 'type'],
    ['tool.pdf.exe', 10, 'type'],
    ['pdf', 10, undefined],
    ['noname', 10, 'type'],
    ['page.html', 10, 'type'],
    ['picture.svg', 10, 'type'],
    ['empty.pdf', 0, 'type'],
  ])('%s of %i bytes: %s', (name, size, why) => {
    expect(refusal({ name, size })).toBe(why)
  })
})

function open(post: Post) {
  const dialog = document.createElement('div')
  dialog.setAttribute('role', 'dialog')
  document.body.replaceChildren(dialog)
  const sent: [string, string | undefined][] = []
  const props: FilesProps = { strings, post, onSent: (name, reply) => sent.push([name, reply]) }
  render(<Files {...props} />, dialog)
  return {
    dialog,
    sent,
    status: () => dialog.querySelector('[role=status]')?.textContent ?? '',
    button: (name: string) => [...dialog.querySelectorAll('button')].find((one) => one.textContent === name),
    /** Drops or pastes the files. */
    async give(type: 'drop' | 'paste' | 'dragover', ...files: File[]) {
      const transfer = { types: ['Files'], files, getData: () => '' }
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { bubbles: true, cancelable: true })
          : new DragEvent(type, { bubbles: true, cancelable: true })
      Object.defineProperty(event, type === 'paste' ? 'clipboardData' : 'dataTransfer', { value: transfer })
      dialog.dispatchEvent(event)
      await settled()
      await settled()
      return event
    },
  }
}
const file = (name = 'photo.png', text = 'x') => new File([text], name)
const fine =
  (seen: unknown[]): Post =>
  async (path, body) => {
    seen.push([path, body])
    return JSON.parse('{"response":"Thank you."}')
  }

describe('sending', () => {
  it.each(['drop', 'paste'] as const)('by %s: the file is uploaded, and the reply is shown', async (way) => {
    const seen: unknown[] = []
    const { give, sent } = open(fine(seen))
    const photo = file()
    expect((await give(way, photo)).defaultPrevented).toBe(true)
    expect(seen).toEqual([['/api/widget/upload', { file: photo }]])
    expect(sent).toEqual([['photo.png', 'Thank you.']])
  })

  it('sends several files one after the other', async () => {
    const { give, sent } = open(fine([]))
    await give('drop', file('a.png'), file('b.pdf'))
    expect(sent.map(([name]) => name)).toEqual(['a.png', 'b.pdf'])
  })

  it('shows where to drop, and sends nothing before', async () => {
    const { give, dialog, sent } = open(fine([]))
    await give('dragover', file())
    expect(dialog.textContent).toContain(strings.drop)
    expect(sent).toEqual([])
  })

  it.each([
    ['cells of a spreadsheet', 'Mug\t25\nBowl\t30', 'image.png', true],
    ['a file whose name is beside it', 'photo.png', 'photo.png', false],
    ['a picture alone', '', 'image.png', false],
  ])('of %s takes the text where text is meant', async (_what, text, name, isText) => {
    const seen: unknown[] = []
    const { dialog } = open(fine(seen))
    const transfer = { types: ['text/plain', 'Files'], files: [file(name)], getData: () => text }
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'clipboardData', { value: transfer })
    dialog.dispatchEvent(event)
    await settled()
    expect([event.defaultPrevented, seen.length]).toEqual([!isText, isText ? 0 : 1])
  })

  it('ignores pasted text, which is for the composer', async () => {
    const { dialog } = open(fine([]))
    const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true })
    Object.defineProperty(event, 'clipboardData', { value: { types: ['text/plain'], files: [] } })
    dialog.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(false)
  })

  it('refuses a wrong type before the upload, and names the allowed ones', async () => {
    const seen: unknown[] = []
    const { give, status, button } = open(fine(seen))
    await give('drop', file('tool.exe'))
    expect(seen).toEqual([])
    expect(status()).toContain('pdf, doc, docx, txt, jpg, jpeg, or png')
    button(strings.dismiss)?.click()
    await settled()
    expect(status()).toBe('')
  })

  it('shows progress, and can be cancelled', async () => {
    let fail = () => {}
    const { give, dialog, sent, button } = open(
      () =>
        new Promise((_, reject) => {
          fail = () => reject(new CallError({ kind: 'offline' }))
        }),
    )
    await give('drop', file())
    expect(dialog.querySelector('progress')?.getAttribute('aria-label')).toBe('Sending photo.png')
    button(strings.cancel)?.click()
    fail()
    await settled()
    await settled()
    expect(dialog.querySelector('[role=status]')).toBeNull()
    expect(sent).toEqual([])
  })

  it.each([
    [{ kind: 'offline' } as const, strings.formFailed],
    [{ kind: 'refused', status: 415, code: 'validation_error' } as const, 'pdf, doc'],
    [{ kind: 'refused', status: 413, code: 'validation_error' } as const, '10 MB'],
    [{ kind: 'refused', status: 403, code: 'uploads_off' } as const, strings.unavailable],
  ])('reports %j, and the file can be sent again', async (fault, sentence) => {
    const faults = [fault]
    const { give, status, sent, button } = open(async () => {
      const next = faults.shift()
      if (next) throw new CallError(next)
      return JSON.parse('{}')
    })
    await give('drop', file())
    expect(status()).toContain(sentence)
    button(strings.again)?.click()
    await settled()
    await settled()
    expect(sent).toEqual([['photo.png', undefined]])
  })
})
