/** The owner's wishes: `configure()` before the tag, before `window.CatyAI`, before Caty's config, before the defaults. */

export type Options = {
  edge: string
  widgetId: string
  position: string
  primaryColor?: string
  theme?: string
  greeting?: string
  language?: string
  zIndex: string
  launcher: string
  layout: string
  target?: string
  load: string
  consent?: string
  nonce?: string
  offsetX: string
  offsetY: string
  transcript?: string
  context?: string
}

/** What a value must look like to count, as the inside of a regular expression; empty for free text. */
const FORM = {
  position: '(top|bottom)-(left|right)',
  theme: 'light|dark|auto',
  launcher: 'bubble|none',
  layout: 'window|sidebar|inline',
  load: 'idle|intent|manual',
  consent: 'required|granted|denied',
  context: 'full|basic|off',
  zIndex: '\\d+',
  offsetX: '\\d+(px)?',
  offsetY: '\\d+(px)?',
  edge: 'https?:.+',
  widgetId: '[\\w-]+',
  primaryColor: '',
  greeting: '',
  language: '',
  target: '',
  nonce: '',
  transcript: '',
}

/** What counts where nobody says anything. */
export const defaults = (edge: string) => ({
  edge,
  widgetId: 'default',
  position: 'bottom-right',
  zIndex: '2147483000',
  launcher: 'bubble',
  layout: 'window',
  load: 'idle',
  offsetX: '20',
  offsetY: '20',
})

/** What the widget speaks. Made when asked for: few visitors of a page open the chat. */
export const languages = (): readonly string[] => 'enesrofrdeptitnlrujazhkoarhi'.match(/../g) ?? []

/** The members of `source` that fit. A wrong one is named on the console, and what stands below it counts instead. */
export function readOptions(source: Record<string, unknown>): Partial<Options> {
  const read: Record<string, string> = {}
  for (const [name, form] of Object.entries(FORM)) {
    // As the vendor's dashboard and its `configure()` spell the colour.
    const value = source[name] ?? (name === 'primaryColor' && Object(source.colors).primary)
    if (!value && value !== 0) continue
    const text = `${value}`
    if (name === 'primaryColor' ? CSS.supports('color', text) : RegExp(`^(${form || '[^]*'})$`).test(text))
      read[name] = text
    else warn(`${name} cannot be "${text}"`)
  }
  return read
}

export const warn = (text: string): void => console.warn(`[caty] ${text}`)
