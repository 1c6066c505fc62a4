/** Runs in each frame of the gallery: performs the steps of a state as a visitor would, then says that it is done. */
import type { Step } from './states.ts'

type Widget = { ready: Promise<unknown>; open: () => Promise<unknown>; sendMessage: (text: string) => Promise<unknown> }
declare global {
  interface Window {
    STATE: { steps: readonly Step[]; shows: string }
  }
}

const root = () => document.querySelector('caty-widget')?.shadowRoot
const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/** Waits for something that the widget is about to draw. */
async function found<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const seen = look()
    if (seen !== undefined) return seen
    await frame()
  }
}

async function take(step: Step, widget: Widget): Promise<void> {
  if ('open' in step) await widget.open()
  else if ('send' in step) void widget.sendMessage(step.send).catch(() => undefined)
  else if ('click' in step)
    (
      await found(() =>
        [...(root()?.querySelectorAll<HTMLElement>('button') ?? [])].find(
          (each) => each.textContent?.trim() === step.click,
        ),
      )
    ).click()
  else if ('press' in step) (await found(() => root()?.querySelector<HTMLElement>(step.press) ?? undefined)).click()
  else if ('fill' in step) {
    const field = await found(() => root()?.querySelector<HTMLInputElement>(`[name=${step.fill}]`) ?? undefined)
    field.value = step.text
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  } else {
    const box = await found(() => root()?.querySelector('textarea') ?? undefined)
    box.value = step.type
    box.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  }
}

const widget: Widget = Reflect.get(window, 'CatyWidget')
await widget.ready
for (const step of window.STATE.steps) await take(step, widget)
await found(() => root()?.querySelector(window.STATE.shows) ?? undefined)
// Only one of many frames has the focus, by chance, so a picture must not show it.
const focused = root()?.activeElement
if (focused instanceof HTMLElement) focused.blur()
document.documentElement.dataset.done = ''
