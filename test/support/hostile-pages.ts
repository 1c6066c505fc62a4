/** What web pages do to a widget, by mistake or on purpose. `tag` is the script tag an owner pastes. */
import type { Page } from 'playwright-core'

export type HostilePage = {
  name: string
  html: (tag: string, edge: string) => string
  csp?: (edge: string) => string
  headers?: Record<string, string>
  /** Runs once the launcher is there. */
  act?: (page: Page) => Promise<unknown>
  /** Console errors that the page itself causes. */
  allowed?: RegExp
  /** The page destroys its own elements, so they are not compared. */
  broken?: true
}

const page =
  (before: string, after = '', type = '<!doctype html>') =>
  (tag: string) =>
    `${type}<html lang="en" class="host" style="--host: 1"><head><title>Host</title><style>h1 { color: teal }</style>${before}</head><body class="shop"><h1>Host</h1><p>Text</p>${tag}${after}</body></html>`
const script = (code: string) => `<script>${code}</script>`

/** Without its long timers the widget comes back because it noticed, and not because it was about to paint anyway. */
const NO_LONG_TIMERS = script(
  'const own = setTimeout; window.setTimeout = (run, ms, ...all) => (ms > 1000 ? 0 : own(run, ms, ...all))',
)

export const HOSTILE_PAGES: readonly HostilePage[] = [
  {
    name: 'a strict policy with a nonce and strict-dynamic, and Trusted Types',
    html: (tag) =>
      `<!doctype html><html lang="en"><head><title>Host</title></head><body><h1>Host</h1>${tag}</body></html>`,
    csp: (edge) =>
      `default-src 'none'; script-src 'nonce-n0nce' 'strict-dynamic'; connect-src ${edge}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'`,
  },
  {
    name: 'storage that throws',
    html: page(
      script(
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })",
      ),
    ),
  },
  {
    name: 'an IndexedDB that opens nothing, and full storage',
    html: page(
      script(
        "indexedDB.open = () => { throw new Error('no') }; Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
      ),
    ),
  },
  { name: 'two tags', html: (tag) => page('')(tag + tag) },
  {
    name: 'two copies of the script by different addresses',
    html: (tag, edge) => page('')(`${tag}<script async src="${edge}/v/0.1.0/widget.js"></script>`),
  },
  {
    name: 'a body that is swapped',
    html: page(NO_LONG_TIMERS),
    act: (at) =>
      at.evaluate(() => {
        const body = document.createElement('body')
        body.className = 'shop'
        body.append('Another page')
        document.body.replaceWith(body)
      }),
  },
  {
    name: 'a body that is emptied',
    html: page(NO_LONG_TIMERS),
    act: (at) => at.evaluate(() => document.body.replaceChildren()),
  },
  {
    name: 'somebody who removes our node',
    html: page(NO_LONG_TIMERS),
    act: (at) => at.evaluate(() => document.querySelector('caty-widget')?.remove()),
  },
  {
    name: 'a script in the head, before there is a body',
    html: (tag) =>
      `<!doctype html><html lang="en"><head><title>Host</title>${tag.replace(' async', '')}</head><body><h1>Host</h1></body></html>`,
  },
  {
    name: 'late injection by a script',
    html: (_tag, edge) =>
      page(
        '',
        script(
          `setTimeout(() => { const tag = document.createElement('script'); tag.src = '${edge}/widget.js'; document.body.append(tag) }, 300)`,
        ),
      )(''),
  },
  { name: '* { all: unset !important }', html: page('<style>* { all: unset !important }</style>') },
  {
    name: 'styles that mean us',
    html: page(
      '<style>caty-widget { display: none !important; visibility: hidden !important; opacity: 0 !important; position: static !important; transform: scale(0) !important; filter: blur(9px) !important } div, button, textarea, [role] { display: none !important; font-size: 0 !important; color: transparent !important }</style>',
    ),
  },
  { name: 'quirks mode', html: page('', '', '') },
  { name: 'a base address of somebody else', html: page('<base href="https://elsewhere.example/deep/">') },
  {
    name: 'polluted prototypes',
    html: page(
      script(
        "Object.prototype.polluted = 'x'; Object.prototype.text = 'x'; Object.prototype.payload = {}; Object.prototype.config = { persona: { name: 'Eve' } }; Array.prototype.last = function () { return this[this.length - 1] }; String.prototype.strip = function () { return this.trim() }; Function.prototype.bindTo = function () {}",
      ),
    ),
  },
  {
    name: 'frozen prototypes',
    html: page(
      script(
        'for (const kind of [Object, Array, Function, String, Promise, RegExp, Map, Set]) Object.freeze(kind.prototype)',
      ),
    ),
  },
  {
    name: 'a wrapped fetch that reads every answer first',
    html: page(
      script(
        'const own = window.fetch; window.fetch = function (...all) { return own.apply(this, all).then((answer) => answer.clone().text().then(() => answer)) }',
      ),
    ),
  },
  {
    name: 'JSON of a library that is older than JSON',
    html: page(
      script(
        "Array.prototype.toJSON = function () { return '[' + this.map(String) + ']' }; String.prototype.toJSON = function () { return '\"' + this + '\"' }; Date.prototype.toJSON = function () { return 'a date' }",
      ),
    ),
  },
  {
    name: 'a Promise from before finally',
    html: page(
      script(
        'const Native = Promise; class Old extends Native {} ; for (const name of ["finally"]) Old.prototype[name] = undefined; Old.any = Old.allSettled = Old.withResolvers = undefined; window.Promise = Old',
      ),
    ),
  },
  {
    name: "elements that carry our global's name, and the document's own",
    html: page(
      '',
      '<form id="CatyWidget"><input name="q"></form><img name="Caty" alt=""><form id="CatyAI"><input name="position"><input name="colors"></form><a id="requestIdleCallback"></a>',
    ),
  },
  {
    name: 'an image called currentScript',
    html: (tag) => page('')(`<img name="currentScript" alt="">${tag}`),
  },
  {
    name: 'a focus trap that is over',
    html: page(
      '',
      `<dialog><button>In</button></dialog>${script(
        "const trap = document.querySelector('dialog'); trap.showModal(); addEventListener('focusin', (event) => { if (trap.open && !trap.contains(event.target)) trap.querySelector('button').focus() })",
      )}`,
    ),
    act: async (at) => {
      await at.evaluate('CatyWidget.open()')
      await at.evaluate("document.querySelector('dialog').close(); CatyWidget.close()")
    },
  },
  {
    name: 'isolation by COEP require-corp',
    html: page(''),
    headers: { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' },
  },
  {
    name: 'a clock of its own',
    html: page(script('const at = Date.now; Date.now = () => at() + 86_400_000')),
    allowed: /status of 40[01]/,
  },
]
