/** A `fetch` that reports upload progress, by `XMLHttpRequest`: no other API reports how much has been sent. */

/** Ten megabytes over a slow line; the edge itself waits a minute for Caty. */
const TIMEOUT_MS = 120_000

export type Upload = { fetch: (url: string, init: RequestInit) => Promise<Response>; cancel: () => void }

/**
 * `onProgress` gets the share that has been sent, from 0 to 1. `fetch` rejects when the connection breaks, after two
 * minutes, and when it is cancelled.
 */
export function upload(onProgress: (share: number) => void): Upload {
  let running: XMLHttpRequest | undefined
  let isCancelled = false
  return {
    cancel() {
      isCancelled = true
      running?.abort()
    },
    fetch: (url, { method = 'POST', headers, body }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        running = request
        request.open(method, url)
        request.timeout = TIMEOUT_MS
        for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value)
        request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
        request.onload = () => resolve(responseOf(request))
        request.onerror = request.onabort = () => reject(new Error('upload'))
        request.ontimeout = () => reject(new DOMException('upload', 'TimeoutError'))
        if (isCancelled) reject(new Error('upload'))
        else request.send(body instanceof FormData ? body : null)
      }),
  }
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers()
  // All headers at once: asking for one that the edge does not expose is an error on the page's console.
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const at = line.indexOf(':')
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
  }
  return new Response(request.responseText, { status: request.status, headers })
}
