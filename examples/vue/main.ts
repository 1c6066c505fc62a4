import { createApp, defineComponent, h } from 'vue'
import { useChat } from './useChat.ts'

const Shop = defineComponent(() => {
  const { unread, widget } = useChat({ edge: 'https://chat.example.com', position: 'top-left' })
  const ask = () => widget.value?.open()
  return () => [
    h('h1', 'A shop in Vue'),
    h('button', { type: 'button', onClick: ask }, unread.value > 0 ? `Chat (${unread.value})` : 'Chat'),
  ]
})

createApp(Shop).mount('#root')
