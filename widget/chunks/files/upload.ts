/** A `fetch` that tells how far it is: only `XMLHttpRequest` reports what has been sent. */

/** Ten megabytes over a bad line; the edge itself waits a minute for Caty. */
const TIMEOUT_MS = 120_000

export type Upload = { fetch: (url: string, init: RequestInit) => Promise<Response>; cancel: () => void }

/** `progress` gets a share from 0 to 1. Rejects when the line breaks, when it takes too long and when it is cancelled. */
export function upload(progress: (share: number) => void): Upload {
  let running: XMLHttpRequest | undefined
  let cancelled = false
  return {
    cancel() {
      cancelled = true
      running?.abort()
    },
    fetch: (url, { method = 'POST', headers, body }) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest()
        running = request
        request.open(method, url)
        request.timeout = TIMEOUT_MS
        for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value)
        request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0)
        request.onload = () => resolve(responseOf(request))
        request.onerror = request.onabort = () => reject(new Error('upload'))
        request.ontimeout = () => reject(new DOMException('upload', 'TimeoutError'))
        if (cancelled) reject(new Error('upload'))
        else request.send(body instanceof FormData ? body : null)
      }),
  }
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers()
  // Only what the edge exposes can be read; asking for another header is an error on the page's console.
  for (const line of request.getAllResponseHeaders().trim().split('\r\n')) {
    const at = line.indexOf(':')
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
  }
  return new Response(request.responseText, { status: request.status, headers })
}
