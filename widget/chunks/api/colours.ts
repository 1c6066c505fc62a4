/**
 * The colours of Caty's dashboard and of `configure()` beside the primary one. The colour of a text counts where it reads
 * on what it stands on; elsewhere ours stays, which is computed from that.
 */
import type { Core } from '../../chunk-api/core.ts'

type Colours = Record<string, unknown>

/** Names of `colors` and the custom properties they set on our element. */
const PROPERTIES = {
  secondary: '--caty-secondary',
  background: '--caty-background',
  text: '--caty-text',
} as const
/** Of texts: the property, and the class of what the text stands on; the field has none, and shows the chat behind it. */
const TEXTS = {
  user_text: ['--user-text', 'user'],
  assistant_text: ['--assistant-text', 'assistant'],
  input_text: ['--input-text', ''],
} as const

/** WCAG 2.2, 1.4.3. */
const MIN_CONTRAST = 4.5
/** Below it white reads better than black. */
const DARK = 0.18

const CSS_RULES = `.user:not(.waiting,.failed){color:var(--user-text,var(--on))}
.assistant{color:var(--assistant-text,inherit)}
.w .c textarea{color:var(--input-text,inherit)}
:host([style*="--scheme"]) .w.w{color-scheme:var(--scheme)}`

const followed = new WeakSet<Core>()
const fromDashboard = new WeakMap<Core, Colours>()

/** Those of the dashboard (`!own`) stand behind those of the page. */
export function dress(core: Core, colours: Colours, own: boolean): void {
  const { host } = core.root
  if (!(host instanceof HTMLElement)) return
  for (const [name, property] of Object.entries(PROPERTIES)) {
    const colour = colours[name]
    if (isColour(colour) && (own || !host.style.getPropertyValue(property))) host.style.setProperty(property, colour)
  }
  if (!own) fromDashboard.set(core, colours)
  if (Object.keys(colours).length > 0) follow(core)
  if (followed.has(core)) dressTexts(core)
}

/** What texts stand on is known when the chat is drawn, and changes with the theme. */
function follow(core: Core): void {
  if (followed.has(core)) return
  followed.add(core)
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS_RULES)
  core.root.adoptedStyleSheets = [...core.root.adoptedStyleSheets, sheet]
  const again = () => dressTexts(core)
  const theme = matchMedia('(prefers-color-scheme:dark)')
  theme.addEventListener('change', again)
  core.on('open', again)
  core.on('destroy', () => theme.removeEventListener('change', again))
}

const isColour = (value: unknown): value is string => typeof value === 'string' && CSS.supports('color', value)

function dressTexts(core: Core): void {
  const { root } = core
  const { host } = root
  const colours = fromDashboard.get(core) ?? {}
  const dialog = root.querySelector('[part=panel]')
  if (!(host instanceof HTMLElement) || !dialog) return
  const chat = getComputedStyle(dialog).backgroundColor
  // Everything that we draw on a background of the owner's must fit it, whatever the theme says.
  const ground = getComputedStyle(host).getPropertyValue('--caty-background') && luminance(dialog, chat)
  if (typeof ground === 'number') host.style.setProperty('--scheme', ground < DARK ? 'dark' : 'light')
  for (const [name, [property, role]] of Object.entries(TEXTS)) {
    const colour = colours[name]
    const on = role === '' ? chat : backgroundOf(dialog, role)
    if (isColour(colour) && contrast(luminance(dialog, colour), luminance(dialog, on)) >= MIN_CONTRAST)
      host.style.setProperty(property, colour)
    else host.style.removeProperty(property)
  }
}

/** What something of this class would stand on, in the theme there is. */
const backgroundOf = (dialog: Element, role: string): string =>
  probed(dialog, (probe) => {
    probe.className = role
    return getComputedStyle(probe).backgroundColor
  })

/** Relative luminance of any colour that CSS knows; undefined for what is seen through. */
const luminance = (dialog: Element, colour: string): number | undefined =>
  probed(dialog, (probe) => {
    probe.style.setProperty('--x', colour)
    // The browser reads the colour, in whatever space it was written.
    probe.style.color = 'color(from var(--x) srgb r g b/alpha)'
    const [red = 0, green = 0, blue = 0, alpha = 1] = (
      getComputedStyle(probe).color.match(/-?\d[\d.]*(e-?\d+)?/g) ?? []
    ).map(Number)
    const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return alpha < 1 ? undefined : 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  })

const contrast = (one: number | undefined, other: number | undefined): number =>
  one === undefined || other === undefined ? 0 : (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)

function probed<T>(dialog: Element, look: (probe: HTMLElement) => T): T {
  const probe = document.createElement('i')
  dialog.append(probe)
  try {
    return look(probe)
  } finally {
    probe.remove()
  }
}
