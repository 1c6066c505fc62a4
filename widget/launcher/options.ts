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
}

/** What a value must look like to count. Attributes that are free text are not listed. */
const FORM: Record<string, RegExp> = {
  position: /^(top|bottom)-(left|right)$/,
  theme: /^(light|dark|auto)$/,
  launcher: /^(bubble|none)$/,
  layout: /^(window|sidebar|inline)$/,
  load: /^(idle|intent|manual)$/,
  consent: /^(required|granted)$/,
  zIndex: /^\d+$/,
  offsetX: /^\d+(px)?$/,
  offsetY: /^\d+(px)?$/,
  edge: /^https?:\/\//,
  widgetId: /^[\w-]+$/,
}

const KNOWN = [...Object.keys(FORM), 'primaryColor', 'greeting', 'language', 'target', 'nonce', 'transcript']

export const DEFAULTS = {
  widgetId: 'default',
  position: 'bottom-right',
  zIndex: '2147483000',
  launcher: 'bubble',
  layout: 'window',
  load: 'idle',
  offsetX: '20',
  offsetY: '20',
}

/** The members of `source` that fit. A wrong one is named on the console, and what stands below it counts instead. */
export function readOptions(source: Record<string, unknown>): Partial<Options> {
  const read: Record<string, string> = {}
  for (const name of KNOWN) {
    const value = source[name]
    if (value == null || value === '') continue
    const fits = FORM[name]?.test(String(value)) ?? (name !== 'primaryColor' || CSS.supports('color', String(value)))
    if (fits) read[name] = String(value)
    else warn(`${name} cannot be "${value}"`)
  }
  return read
}

export const warn = (text: string): void => console.warn(`[caty] ${text}`)
