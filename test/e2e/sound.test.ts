/** A sound for a new message: only if the owner turns it on, only for replies, and once. */
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { browser } from '../support/browser.ts'
import { hostUrl } from '../support/host-page.ts'
import { enter, holdReplies, openChat, say, type Visit } from '../support/page.ts'
import { resetSandbox } from '../support/sandbox.ts'

const { edge, host } = inject('stack')

beforeEach(resetSandbox)

/** The page records each tone and counts audio contexts: a browser allows only a few. */
const LISTEN = `window.heard = []
window.contexts = 0
window.AudioContext = class extends AudioContext { constructor() { super(); contexts++ } }
const { start } = OscillatorNode.prototype
OscillatorNode.prototype.start = function (...values) { heard.push(this.frequency.value); return start.apply(this, values) }`

async function open(before: string, prepare = LISTEN): Promise<Visit> {
  const context = await browser.newContext()
  await context.addInitScript(prepare)
  const html = `<!doctype html><html lang="en"><title>Host</title><body>${before}<script async src="${edge}/widget.js"></script></body></html>`
  return openChat(await enter(context, hostUrl(host, html), edge))
}
const ON = '<script>window.CatyAI = { sounds: true }</script>'
const tones = (at: Visit) => at.page.evaluate('heard.length')
const chunk = (at: Visit) => at.calls.filter((call) => call.endsWith('/sound.js')).length

describe('a sound', () => {
  it('is off unless the owner turns it on, and its chunk does not load', async () => {
    const at = await open('')
    await say(at, 'When are you open?', /Monday/)
    await say(at, 'How long does shipping take?', /days/)
    expect([await tones(at), await at.page.evaluate('contexts'), chunk(at)]).toEqual([0, 0, 0])
  })

  it('plays for each reply and for nothing else, with one audio context', async () => {
    const at = await open(ON)
    const release = await holdReplies(at)
    await at.composer.fill('When are you open?')
    await at.composer.press('Enter')
    await at.log.getByText('is typing').waitFor({ state: 'attached' })
    // The visitor's own messages make no sound.
    expect(await tones(at)).toBe(0)
    release()
    await expect.poll(() => tones(at)).toBe(2)
    await say(at, 'How long does shipping take?', /days/)
    await expect.poll(() => tones(at)).toBe(4)
    expect(await at.page.evaluate('heard')).toEqual([660, 830, 660, 830])
    expect([await at.page.evaluate('contexts'), chunk(at), at.errors]).toEqual([1, 1, []])
  })

  it('turns on and off by configure()', async () => {
    const at = await open('')
    await at.page.evaluate('CatyWidget.configure({ sounds: true })')
    await say(at, 'When are you open?', /Monday/)
    await expect.poll(() => tones(at)).toBe(2)
    await at.page.evaluate('CatyWidget.configure({ sounds: false })')
    await say(at, 'How long does shipping take?', /days/)
    await at.page.evaluate('CatyWidget.configure({ sounds: true })')
    await say(at, 'When are you open?', /Monday/)
    // This is the sound of the third reply: the second one's would have been heard before.
    await expect.poll(() => tones(at)).toBe(4)
  })

  it('plays once for a reply, however many tabs show it', async () => {
    const one = await open(ON)
    await say(one, 'When are you open?', /Monday/)
    const two = await enter(one.context, one.page.url(), edge)
    await openChat(two)
    await two.log.getByText('When are you open?').waitFor()
    const both = async () => Number(await tones(one)) + Number(await tones(two))
    await expect.poll(both).toBe(2)
    await say(two, 'How long does shipping take?', /days/)
    await one.log.getByText(/working days/).waitFor()
    await expect.poll(both).toBe(4)
    // The slower tab has drawn the reply by now, without a sound.
    await two.log.getByText(/working days/).waitFor()
    expect(await both()).toBe(4)
  })

  it.each([
    ['has no audio', 'delete window.AudioContext'],
    [
      'cannot open an audio device',
      "window.AudioContext = class { constructor() { throw new DOMException('no device', 'NotSupportedError') } }",
    ],
  ])('fails without an error in a browser that %s', async (_name, prepare) => {
    const at = await open(ON, prepare)
    await say(at, 'When are you open?', /Monday/)
    await expect.poll(() => chunk(at)).toBe(1)
    await say(at, 'How long does shipping take?', /days/)
    expect(at.errors).toEqual([])
  })
})
