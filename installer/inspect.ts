/**
 * "Is it on my page?": what a page's HTML says about the tag, an old tag, a key left in the page, and a policy that
 * blocks the widget.
 */
import { type HiddenTag, hiddenTags, isLauncher, managerOf, unescaped } from './hidden.ts'
import { type Page, readPage, type Script } from './page-html.ts'
import { allowsCalls, allowsScript, parsePolicy } from './policy.ts'

export type Finding = { level: 'good' | 'warning' | 'bad'; text: string }

const KEY = /\bcaty_[A-Za-z0-9_]{16,}/

/** Only reads `html`. `edge` is the origin of the owner's Worker, if known. */
export function inspect(html: string, edge: string | undefined): Finding[] {
  const page = readPage(html)
  const hidden = hiddenTags(page)
  const manager = managerOf(html)
  const tags = page.scripts.filter((script) => isLauncher(sourceOf(script)))
  const [first] = tags.filter(({ attributes }) => !('data-api-key' in attributes))
  return [
    ...oldTags(html, page, hidden, manager),
    ...(first ? tagFindings(first, edge) : hiddenFindings(hidden, manager, edge)),
    ...(tags.length > 1
      ? [warning(`There are ${tags.length} tags that load a widget.js. One widget appears; leave one tag.`)]
      : []),
    ...policies(page, first, edge),
  ]
}

const good = (text: string): Finding => ({ level: 'good', text })
const warning = (text: string): Finding => ({ level: 'warning', text })
const bad = (text: string): Finding => ({ level: 'bad', text })
const sourceOf = ({ attributes }: Script): string => attributes.src ?? ''
const originOf = (source: string): string | undefined => (URL.canParse(source) ? new URL(source).origin : undefined)

const NEW_KEY = 'and make a new key, because this one is public.'

/** A key in the HTML is public, whichever script reads it. The message does not repeat it. */
function oldTags(html: string, { hasKeyAttribute }: Page, hidden: HiddenTag[], manager: string | undefined): Finding[] {
  if (hasKeyAttribute) return [bad(`The vendor’s data-api-key is still in the page: remove it, ${NEW_KEY}`)]
  const old = hidden.find((tag) => tag.old)
  if (old?.place === 'script')
    return [
      bad(
        `The vendor’s tag, with its data-api-key, is inside ${manager ?? 'a script of the page'}: remove it there, publish the change, ${NEW_KEY}`,
      ),
    ]
  if (old)
    return [
      bad(
        `The vendor’s tag, with its data-api-key, is in the page as ${AS[old.place]}: remove it where you edit the page, ${NEW_KEY}`,
      ),
    ]
  if (KEY.test(html) || KEY.test(unescaped(html)))
    return [bad(`A Caty key is somewhere in the page: remove it, ${NEW_KEY}`)]
  return []
}

const AS = { text: 'escaped text', comment: 'a comment', attribute: 'the value of an attribute', script: 'a script' }

/** No tag that a browser reads was found; this looks for a hidden one. */
function hiddenFindings(hidden: HiddenTag[], manager: string | undefined, edge: string | undefined): Finding[] {
  const found = hidden.find((tag) => !tag.old)
  const from = originOf(found?.source ?? '') ?? 'your own site'
  const other = edge !== undefined && found && from !== edge ? ` That is not ${edge}.` : ''
  switch (found?.place) {
    case 'text':
      return [
        bad(
          `The tag is in the page as text: visitors read it, and no browser runs it. Paste it where your editor takes HTML (“code view”, “custom HTML”).${other}`,
        ),
      ]
    case 'comment':
      return [bad(`The tag is inside a comment, so the browser passes over it: take <!-- and --> away.${other}`)]
    case 'script':
    case 'attribute':
      return [
        warning(
          `${manager ?? 'A script of the page'} holds the tag, and loads the widget of ${from}.${other} Open the page to see whether the launcher comes: the text alone does not say when it is run.`,
        ),
      ]
  }
  return [
    bad(
      manager
        ? `The tag is not in this HTML. ${manager} is; if it adds the tag, look in the inspector of the browser instead.`
        : 'The tag is not in this HTML. Paste it before </body> of every page that needs the widget.',
    ),
  ]
}

function tagFindings(tag: Script, edge: string | undefined): Finding[] {
  const source = sourceOf(tag)
  const { attributes } = tag
  const url = URL.canParse(source) ? new URL(source) : undefined
  const findings: Finding[] = []
  if (!url)
    findings.push(warning(`The tag loads ${source}, a file of your own site. It should load the one of your Worker.`))
  else if (edge !== undefined && url.origin !== edge)
    findings.push(warning(`The tag loads the widget of ${url.origin}, not of ${edge}.`))
  else findings.push(good(`The tag is there, and loads the widget of ${url.origin}.`))
  if (url?.protocol === 'http:' && !/^(localhost|127\.0\.0\.1)$/.test(url.hostname))
    findings.push(bad('The tag loads by http. A page with https refuses that: write https.'))
  if (!('async' in attributes) && !('defer' in attributes) && attributes.type !== 'module')
    findings.push(warning('The tag has no async: the page waits for the script. Add the word async.'))
  if ('integrity' in attributes && !('crossorigin' in attributes))
    findings.push(
      bad(
        'The tag has integrity without crossorigin, and the browser then refuses the script: add crossorigin="anonymous".',
      ),
    )
  if ('integrity' in attributes && !/\/v\/[^/]+\/widget\.js/.test(source))
    findings.push(
      bad(
        'The tag has integrity for an address that changes with each deploy: pin the version, or leave integrity out.',
      ),
    )
  return findings
}

function policies(page: Page, tag: Script | undefined, edge: string | undefined): Finding[] {
  const origin = (tag && originOf(sourceOf(tag))) ?? edge
  if (origin === undefined || page.policies.length === 0) return []
  const findings = page.policies.flatMap((text) => {
    const policy = parsePolicy(text)
    return [
      ...(allowsScript(policy, origin, tag?.attributes.nonce ?? null)
        ? []
        : [bad(`The policy of the page forbids the script: add ${origin} to script-src.`)]),
      ...(allowsCalls(policy, origin)
        ? []
        : [bad(`The policy of the page forbids the widget’s calls: add ${origin} to connect-src.`)]),
    ]
  })
  return findings.length > 0 ? findings : [good('The policy in the page lets the widget load and call.')]
}
