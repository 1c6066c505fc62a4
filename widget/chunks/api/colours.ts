/**
 * Colours of Caty's dashboard and of `configure()`, beside the primary one. A text colour is applied only if its contrast
 * with its background is at least 4.5:1; otherwise the widget's own colour stays, which is computed from the background.
 */
import type { Core } from '../../chunk-api/core.ts'
import css from './colours.css'

type Colours = Readonly<Record<string, unknown>>

/** By the names in `colors`, the custom properties of our element. */
const PROPERTIES = {
  secondary: '--caty-secondary',
  background: '--caty-background',
  text: '--caty-text',
} as const
/** Text colours: the property, and the class whose background the text is on. The field has none: the panel shows through. */
const TEXT_COLOURS = {
  user_text: ['--user-text', 'user'],
  assistant_text: ['--assistant-text', 'assistant'],
  input_text: ['--input-text', ''],
} as const

/** WCAG 2.2, 1.4.3. */
const MIN_CONTRAST = 4.5
/** Below this luminance white has more contrast than black. */
const DARK = 0.18

const following = new WeakSet<Core>()
const dashboardColours = new WeakMap<Core, Colours>()

/** `fromPage` colours count before those of the dashboard. */
export function applyColours(core: Core, colours: Colours, fromPage: boolean): void {
  const { host } = core.root
  if (!(host instanceof HTMLElement)) return
  for (const [name, property] of Object.entries(PROPERTIES)) {
    const colour = colours[name]
    if (isColour(colour) && (fromPage || !host.style.getPropertyValue(property)))
      host.style.setProperty(property, colour)
  }
  if (!fromPage) dashboardColours.set(core, colours)
  if (Object.keys(colours).length > 0) follow(core)
  if (following.has(core)) applyTextColours(core)
}

/** The backgrounds are known once the panel is drawn, and they change with the theme. */
function follow(core: Core): void {
  if (following.has(core)) return
  following.add(core)
  core.addStyles(css)
  const update = () => applyTextColours(core)
  const theme = matchMedia('(prefers-color-scheme:dark)')
  theme.addEventListener('change', update)
  core.on('open', update)
  core.on('destroy', () => theme.removeEventListener('change', update))
}

const isColour = (value: unknown): value is string => typeof value === 'string' && CSS.supports('color', value)

function applyTextColours(core: Core): void {
  const { root } = core
  const { host } = root
  const colours = dashboardColours.get(core) ?? {}
  const panel = root.querySelector('[part=panel]')
  if (!(host instanceof HTMLElement) || !panel) return
  const panelColour = getComputedStyle(panel).backgroundColor
  // Everything that we draw on the owner's background must fit it, whatever the theme says.
  const background = getComputedStyle(host).getPropertyValue('--caty-background') && luminance(panel, panelColour)
  if (typeof background === 'number') host.style.setProperty('--scheme', background < DARK ? 'dark' : 'light')
  for (const [name, [property, role]] of Object.entries(TEXT_COLOURS)) {
    const colour = colours[name]
    const behind = role === '' ? panelColour : backgroundOf(panel, role)
    if (isColour(colour) && contrast(luminance(panel, colour), luminance(panel, behind)) >= MIN_CONTRAST)
      host.style.setProperty(property, colour)
    else host.style.removeProperty(property)
  }
}

/** The background that an element of this class has in the present theme. */
const backgroundOf = (panel: Element, className: string): string =>
  withProbe(panel, (probe) => {
    probe.className = className
    return getComputedStyle(probe).backgroundColor
  })

/** Relative luminance of any CSS colour; `undefined` if it is transparent. */
const luminance = (panel: Element, colour: string): number | undefined =>
  withProbe(panel, (probe) => {
    probe.style.setProperty('--x', colour)
    // The browser converts the colour from whatever space it was written in.
    probe.style.color = 'color(from var(--x) srgb r g b/alpha)'
    const [red = 0, green = 0, blue = 0, alpha = 1] = (
      getComputedStyle(probe).color.match(/-?\d[\d.]*(e-?\d+)?/g) ?? []
    ).map(Number)
    const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
    return alpha < 1 ? undefined : 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  })

const contrast = (one: number | undefined, other: number | undefined): number =>
  one === undefined || other === undefined ? 0 : (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)

/** Runs with an element in the panel that is gone afterwards. */
function withProbe<T>(panel: Element, run: (probe: HTMLElement) => T): T {
  const probe = document.createElement('i')
  panel.append(probe)
  try {
    return run(probe)
  } finally {
    probe.remove()
  }
}
