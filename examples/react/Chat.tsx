/** The chat as a React component: it exists while mounted and leaves nothing afterwards. Safe in strict mode. */
import { type CatyEvents, type CatyLoadOptions, load } from 'caty-keyless'
import { useEffect, useState } from 'react'

type Props = CatyLoadOptions & { onMessage?: (message: CatyEvents['message']) => void }

/**
 * Strict mode mounts everything twice; the count keeps the first unmount from destroying the widget of the second
 * mount.
 */
let mounted = 0

export function Chat({ onMessage, ...options }: Props) {
  const [unread, setUnread] = useState(0)
  const wanted = JSON.stringify(options)

  useEffect(() => {
    let current = true
    const count = ({ count }: CatyEvents['unread']) => setUnread(count)
    mounted += 1
    load(JSON.parse(wanted))
      .then((widget) => {
        if (mounted === 0) widget.destroy()
        if (!current) return
        widget.on('unread', count)
        if (onMessage) widget.on('message', onMessage)
      })
      // An ad blocker, or no network: the page works without a chat.
      .catch(() => undefined)
    return () => {
      current = false
      mounted -= 1
      const widget = window.CatyWidget
      widget?.off('unread', count)
      if (onMessage) widget?.off('message', onMessage)
      if (mounted === 0) widget?.destroy()
    }
  }, [wanted, onMessage])

  return <p role="status">{unread > 0 ? `${unread} new in the chat` : ''}</p>
}
