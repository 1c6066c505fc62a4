import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Chat } from './Chat.tsx'

const place = document.querySelector('#root')
if (place) {
  createRoot(place).render(
    <StrictMode>
      <h1>A shop in React</h1>
      <Chat edge="https://chat.example.com" position="bottom-left" />
    </StrictMode>,
  )
}
