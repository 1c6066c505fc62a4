/** The upstream of the measurements: the same answers after the same time. */
import { createServer, type Server } from 'node:http'

/** Answers every call after this many milliseconds. */
export function startUpstream(delayMs: number): Promise<Server> {
  const answers: Record<string, object> = {
    '/api/widget/config': { success: true, config: { widget_id: 'wgt_1', persona: { name: 'Mia' } } },
    '/api/widget/session': { success: true, session_id: 'sess_0123456789', visitor_id: 'vis_1' },
    '/api/widget/chat/message': {
      success: true,
      content: 'We are open from ten to six, Monday to Saturday.',
      suggested_actions: [{ label: 'How do I get there?', action: 'message' }],
    },
  }
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const path = request.url ?? ''
      const answer = () => {
        response.writeHead(200, { 'Content-Type': 'application/json' })
        response.end(JSON.stringify(answers[path] ?? { success: true }))
      }
      setTimeout(answer, delayMs)
    })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
