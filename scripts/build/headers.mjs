/** The file `_headers` of the static assets. Cloudflare applies it; the Worker never receives these requests. */
import { PROBLEMS_HEADERS } from './problems-page.ts'

const ASSETS = `/*
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  X-Content-Type-Options: nosniff
/widget.js
  Cache-Control: public, max-age=300, stale-while-revalidate=86400
/integrity.json
  Cache-Control: public, max-age=60
/chunks/*
  Cache-Control: public, max-age=31536000, immutable
/v/*
  Cache-Control: public, max-age=31536000, immutable
`

const INSTALLER = `/installer/*
  Content-Security-Policy: frame-ancestors 'self'
  Cache-Control: no-cache
  X-Robots-Tag: noindex
`

/** The text of the file, with rules for the installer if the edge serves it. */
export const headersText = ({ installer }) => ASSETS + PROBLEMS_HEADERS + (installer ? INSTALLER : '')
