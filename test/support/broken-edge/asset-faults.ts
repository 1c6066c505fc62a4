/** Faults in the files that a page loads. */
import { type Fault, header, type Request } from './fault.ts'

const launcher = ({ path }: Request): boolean => path === '/widget.js'
const chunk = ({ path }: Request): boolean => path.startsWith('/chunks/')
const versioned = ({ path }: Request): boolean => path.startsWith('/v/')
const asset = (request: Request): boolean => launcher(request) || chunk(request) || versioned(request)

export const assetFaults: Record<string, Fault> = {
  'widget-for-a-year': { reply: header('cache-control', 'public, max-age=31536000, immutable', launcher) },
  'widget-never-kept': { reply: header('cache-control', 'no-store', launcher) },
  'assets-without-cors': { reply: header('access-control-allow-origin', undefined, asset) },
  'assets-without-corp': { reply: header('cross-origin-resource-policy', undefined, asset) },
  'widget-as-text': { reply: header('content-type', 'text/plain', launcher) },
  'chunks-short-lived': { reply: header('cache-control', 'public, max-age=0, must-revalidate', chunk) },
  'chunks-gone': {
    request: (request) =>
      chunk(request) ? { status: 404, headers: { 'content-type': 'text/plain' }, body: '' } : undefined,
  },
  'versions-mixed': {
    reply: (reply, request) => (versioned(request) ? { ...reply, body: `${reply.body}\n// another build` } : reply),
  },
  'files-changed': {
    reply: (reply, request) =>
      launcher(request) || versioned(request)
        ? { ...reply, body: `${reply.body};fetch("https://stranger.example")` }
        : reply,
  },
  'maps-served': {
    request: ({ path }) =>
      path === '/widget.js.map'
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' }
        : undefined,
  },
  'key-in-the-widget': {
    reply: (reply, request, { key }) => (launcher(request) ? { ...reply, body: `${reply.body}\n// ${key}` } : reply),
  },
}
