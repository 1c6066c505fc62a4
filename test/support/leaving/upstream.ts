/** Caty, Supabase Auth and Turnstile in one server that can hold a call: before it answers, or in the middle of the answer. */
import { createServer, type Server, type ServerResponse } from 'node:http'
import { freePort } from '../free-port.ts'

/** Before anything of the answer, or after its first half. */
export type Hold = { path: string; half: boolean }

const REPLY = { success: true, content: 'We are open from ten to six.', suggested_actions: [] }
const STREAMED = 'data: {"delta":"We are open "}\n\ndata: {"delta":"from ten to six."}\n\ndata: [DONE]\n\n'

const ANSWERS: Readonly<Record<string, object>> = {
  '/api/widget/config': { success: true, config: { widget_id: 'wgt_1', persona: { name: 'Mia' } } },
  '/api/widget/session': { success: true, session_id: 'sess_0123456789', visitor_id: 'vis_1' },
  '/api/widget/chat/message': REPLY,
  '/api/widget/schedule/slots': { success: true, slots: [] },
  '/api/admin/widgets': { success: true, widgets: [] },
  '/api/admin/knowledge/upload': { success: true, document: { id: 'doc_1' } },
  '/turnstile': { success: true },
}

export class HoldingUpstream {
  url = ''
  keys: object[] = []
  /** Paths that answer 500. */
  readonly broken = new Set<string>()
  #paths: string[] = []
  #hold: { hold: Hold; came: () => void; go: Promise<void> } | undefined
  #server: Server | undefined

  async start(): Promise<this> {
    const port = await freePort()
    this.url = `http://127.0.0.1:${port}`
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', this.url)
      const streamed = (request.headers.accept ?? '').includes('event-stream')
      // A call counts when it is there as a whole.
      request.resume().once('end', () => void this.#answer(pathname, streamed, response))
    })
    await new Promise<void>((resolve) => this.#server?.listen(port, '127.0.0.1', resolve))
    return this
  }

  /** Holds the next call of the path. `came` resolves when it is there; `release` lets it go. */
  hold(hold: Hold): { came: Promise<void>; release: () => void } {
    const came = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    this.#hold = { hold, came: came.resolve, go: go.promise }
    const release = () => {
      this.#hold = undefined
      go.resolve()
    }
    return { came: came.promise, release }
  }

  count(path: string): number {
    return this.#paths.filter((each) => each === path).length
  }

  forget(): void {
    this.#paths = []
  }

  stop(): void {
    this.#server?.close()
    this.#server?.closeAllConnections()
  }

  async #answer(path: string, streamed: boolean, response: ServerResponse): Promise<void> {
    this.#paths.push(path)
    const held = this.#hold?.hold.path === path ? this.#hold : undefined
    if (held) this.#hold = undefined
    const stop = async () => {
      held?.came()
      await held?.go
    }
    if (held && !held.hold.half) await stop()
    const inPieces = streamed && path === '/api/widget/chat/message'
    const known = path.endsWith('jwks.json') ? { keys: this.keys } : (ANSWERS[path] ?? { success: true })
    const body = inPieces ? STREAMED : JSON.stringify(known)
    const type = inPieces ? 'text/event-stream' : 'application/json'
    response.writeHead(this.broken.has(path) ? 500 : 200, { 'Content-Type': type })
    response.write(body.slice(0, body.length / 2))
    if (held?.hold.half) await stop()
    response.end(body.slice(body.length / 2))
  }
}
