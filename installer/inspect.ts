/** "Is it on my page?": what a page's HTML says about the tag, an old tag, a key that was left, and a policy in its way. */
import { CATY_KEY } from '../edge/base/key-pattern.ts'
import { allowsCalls, allowsScript, parsePolicy } from './policy.ts'

export type Finding = { level: 'good' | 'warning' | 'bad'; text: string }

/** `page` is parsed and never shown or run; `edge` is the owner's Worker, where it is known. */
export function inspect(page: Document, edge: string | undefined): Finding[] {
  const tags = [...page.querySelectorAll('script')].filter((script) => /\/widget\.js(\?|$)/.test(sourceOf(script)))
  const [first] = tags.filter((script) => !script.hasAttribute('data-api-key'))
  return [
    ...oldTags(page),
    ...(first ? tagFindings(first, edge) : [missing(page)]),
    ...(tags.length > 1
      ? [warning(`There are ${tags.length} tags that load a widget.js. One widget appears; leave one tag.`)]
      : []),
    ...policies(page, first, edge),
  ]
}

const good = (text: string): Finding => ({ level: 'good', text })
const warning = (text: string): Finding => ({ level: 'warning', text })
const bad = (text: string): Finding => ({ level: 'bad', text })
const sourceOf = (script: Element): string => script.getAttribute('src') ?? ''

/** A key in the HTML is public, whatever reads it. It is not repeated here. */
function oldTags(page: Document): Finding[] {
  const tagged = page.querySelectorAll('[data-api-key]').length > 0
  if (tagged)
    return [
      bad('The vendor’s data-api-key is still in the page: remove it, and make a new key, because this one is public.'),
    ]
  if (CATY_KEY.test(page.documentElement.outerHTML))
    return [bad('A Caty key is somewhere in the page: remove it, and make a new key, because this one is public.')]
  return []
}

function missing(page: Document): Finding {
  const manager = [...page.querySelectorAll('script')].some((script) =>
    /googletagmanager|matomo|tagcommander|piwik/i.test(sourceOf(script) + (script.textContent ?? '')),
  )
  return bad(
    manager
      ? 'The tag is not in this HTML. A tag manager is; if it adds the tag, look in the inspector of the browser instead.'
      : 'The tag is not in this HTML. Paste it before </body> of every page that shall have the widget.',
  )
}

function tagFindings(tag: HTMLScriptElement, edge: string | undefined): Finding[] {
  const source = sourceOf(tag)
  const url = URL.canParse(source) ? new URL(source) : undefined
  const findings: Finding[] = []
  if (!url)
    findings.push(warning(`The tag loads ${source}, a file of your own site. It should load the one of your Worker.`))
  else if (edge !== undefined && url.origin !== edge)
    findings.push(warning(`The tag loads the widget of ${url.origin}, not of ${edge}.`))
  else findings.push(good(`The tag is there, and loads the widget of ${url.origin}.`))
  if (url?.protocol === 'http:' && !/^(localhost|127\.0\.0\.1)$/.test(url.hostname))
    findings.push(bad('The tag loads by http. A page with https refuses that: write https.'))
  if (!tag.hasAttribute('async') && !tag.hasAttribute('defer') && tag.type !== 'module')
    findings.push(warning('The tag has no async: the page waits for the script. Add the word async.'))
  if (tag.hasAttribute('integrity') && !tag.hasAttribute('crossorigin'))
    findings.push(
      bad(
        'The tag has integrity without crossorigin, and the browser then refuses the script: add crossorigin="anonymous".',
      ),
    )
  if (tag.hasAttribute('integrity') && !/\/v\/[^/]+\/widget\.js/.test(source))
    findings.push(
      bad(
        'The tag has integrity for an address that changes with each deploy: pin the version, or leave integrity out.',
      ),
    )
  return findings
}

function policies(page: Document, tag: HTMLScriptElement | undefined, edge: string | undefined): Finding[] {
  const source = tag ? sourceOf(tag) : ''
  const origin = URL.canParse(source) ? new URL(source).origin : edge
  const metas = [...page.querySelectorAll('meta[http-equiv="Content-Security-Policy" i]')]
  if (origin === undefined || metas.length === 0) return []
  const findings = metas.flatMap((meta) => {
    const policy = parsePolicy(meta.getAttribute('content') ?? '')
    return [
      ...(allowsScript(policy, origin, tag?.getAttribute('nonce') ?? null)
        ? []
        : [bad(`The policy of the page forbids the script: add ${origin} to script-src.`)]),
      ...(allowsCalls(policy, origin)
        ? []
        : [bad(`The policy of the page forbids the widget’s calls: add ${origin} to connect-src.`)]),
    ]
  })
  return findings.length > 0 ? findings : [good('The policy in the page lets the widget load and call.')]
}
