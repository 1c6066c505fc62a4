/** What tells of a reply nobody has seen: the number on the launcher, and a sound where the owner asked for it. */
import type { PanelHost, SoundModule } from '../../panel/slots.ts'

export const UNREAD_CSS = `.b{position:absolute;top:-2px;right:-2px;min-width:10px;padding:0 5px;border-radius:10px;background:#b91c1c;color:#fff;font:600 12px/20px system-ui;text-align:center}
.b:empty{display:none}`

export function countUnread({ core, slots, strings }: PanelHost): void {
  const badge = document.createElement('span')
  badge.className = 'b'
  core.button.append(badge)
  const set = (count: number) => {
    core.unread = count
    badge.textContent = count > 9 ? '9+' : `${count || ''}`
    core.button.setAttribute('aria-label', strings().launcher + (count ? ` (${count})` : ''))
    core.emit('unread', { count })
  }
  const heard = (detail: unknown) => {
    if (Object(detail).role === 'user') return
    if (!core.isOpen) set(core.unread + 1)
    if (core.wishes.sounds)
      core
        .load<SoundModule>('sound')
        .then((module) => module.chime())
        // Not loaded, or a machine without a loudspeaker: the badge tells it.
        .catch(() => undefined)
  }
  slots.seen = () => set(0)
  const leave = () => {
    badge.remove()
    core.off('message', heard)
    core.off('destroy', leave)
  }
  core.on('message', heard)
  core.on('destroy', leave)
}
