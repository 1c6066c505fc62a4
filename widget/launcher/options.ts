/**
 * The widget's options. What `configure()` says counts before the script tag, then `window.CatyAI`, then Caty's
 * configuration, then the defaults.
 */
import { LANGUAGES } from '../chunk-api/strings.ts'
import { membersOf } from '../chunk-api/untrusted.ts'

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

/** A regular expression that the whole value must match; empty for free text. */
const PATTERNS = {
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

/** The options of a page that says nothing. `edge` is the origin of the widget's script. */
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

/** The codes of the widget's languages. */
export const languages = (): readonly string[] => LANGUAGES

/** Reads the valid options of `source`. A wrong value is reported on the console, and the next source counts instead. */
export function readOptions(source: Readonly<Record<string, unknown>>): Partial<Options> {
  const read: Record<string, string> = {}
  for (const [name, pattern] of Object.entries(PATTERNS)) {
    // Caty's dashboard and `configure()` call the colour `colors.primary`.
    const value = source[name] ?? (name === 'primaryColor' && membersOf(source.colors).primary)
    if (!value && value !== 0) continue
    const text = `${value}`
    if (name === 'primaryColor' ? CSS.supports('color', text) : RegExp(`^(${pattern || '[^]*'})$`).test(text))
      read[name] = text
    else warn(`${name} cannot be "${text}"`)
  }
  return read
}

/** Writes a warning for the owner to the page's console. */
export const warn = (text: string): void => console.warn(`[caty] ${text}`)
