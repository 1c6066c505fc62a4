/** Tells the visitor of a reply they have not seen: a number on the launcher, and a sound if the owner asked for it. */
import type { EventDetails } from '../../chunk-api/events.ts'
import type { PanelHost } from '../../panel/slots.ts'

export function countUnread({ core, slots, strings }: PanelHost): void {
  const badge = document.createElement('span')
  badge.className = 'badge'
  core.button.append(badge)
  const setCount = (count: number) => {
    core.unread = count
    badge.textContent = count > 9 ? '9+' : `${count || ''}`
    core.button.setAttribute('aria-label', strings().launcher + (count ? ` (${count})` : ''))
    core.emit('unread', { count })
  }
  const onMessage = ({ role }: EventDetails['message']) => {
    if (role === 'user') return
    if (!core.isOpen) setCount(core.unread + 1)
    if (core.rawOptions.sounds)
      core
        .load('sound')
        .then((module) => module.chime())
        // Not loaded, or no loudspeaker: the badge tells it.
        .catch(() => undefined)
  }
  slots.onOpen = () => setCount(0)
  const onDestroy = () => {
    badge.remove()
    core.off('message', onMessage)
    core.off('destroy', onDestroy)
  }
  core.on('message', onMessage)
  core.on('destroy', onDestroy)
}
