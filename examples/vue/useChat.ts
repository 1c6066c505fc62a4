/** The chat as a Vue composable: it exists while the component is mounted. */
import { type CatyEvents, type CatyLoadOptions, type CatyWidgetApi, load } from 'caty-keyless'
import { onMounted, onUnmounted, ref, shallowRef } from 'vue'

export function useChat(options: CatyLoadOptions) {
  const unread = ref(0)
  const widget = shallowRef<CatyWidgetApi>()
  let mounted = false
  const count = ({ count }: CatyEvents['unread']) => {
    unread.value = count
  }

  onMounted(async () => {
    mounted = true
    // An ad blocker, or no network: the page works without a chat.
    const loaded = await load(options).catch(() => undefined)
    if (!mounted) return loaded?.destroy()
    loaded?.on('unread', count)
    widget.value = loaded
  })
  onUnmounted(() => {
    mounted = false
    widget.value?.off('unread', count)
    widget.value?.destroy()
  })

  return { unread, widget }
}
