/** Bytes as a visitor's browser loads them (brotli 11). `npm run build` fails above a limit; docs/decisions.md has the reasons. */
import { chunks, locales } from './scripts/build/entry-points.ts'

const LAUNCHER = 'dist/assets/widget.js'
const chunk = (name) => `dist/assets/chunks/*/${name}.js`

const FIRST_OPEN = ['panel', 'en']
/**
 * The files that the browser has loaded after one question and a plain reply; test/e2e/outbox.test.ts checks it. A
 * reply with Markdown also loads `rich`. Times and buttons of a message load when the visitor points at the
 * conversation.
 */
const FIRST_CHAT = [...FIRST_OPEN, 'reply', 'text']
/** Chunks with their own limit. */
const LIMITS = { rich: '16000 B' }

export default [
  { name: 'launcher', path: LAUNCHER, limit: '4300 B' },
  { name: 'first open in English', path: FIRST_OPEN.map(chunk), limit: '14600 B' },
  { name: 'first chat in English', path: [LAUNCHER, ...FIRST_CHAT.map(chunk)], limit: '22000 B' },
  ...Object.keys({ ...chunks(), ...locales() }).map((name) => ({
    name: `chunk ${name}`,
    path: chunk(name),
    limit: LIMITS[name] ?? '4000 B',
  })),
]
