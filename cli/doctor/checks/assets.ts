/** The files a page loads: whole, readable from any page, and kept for as long as they should be. */
import { createHash } from 'node:crypto'
import { cacheSeconds, hasDirective, named } from '../answers.ts'
import { type Check, refusedWith } from '../check.ts'
import { Skipped } from '../skipped.ts'
import type { Answer } from '../wire.ts'

const ADVICE =
  'Deploy the assets of one build together with their _headers file, and remove cache and header rules in front of them.'
const YEAR_S = 31_536_000
/** Seconds within which a new version should reach pages. */
const HOUR_S = 3600

/** A script that a page of any site may load, also one with COEP, and that nobody can take for something else. */
function checkScript(answer: Answer, found: (saw: string) => void): void {
  const what = named(answer)
  if (!refusedWith(answer, 200)) {
    found(`${what} answers ${answer.status}`)
    return
  }
  const type = answer.headers['content-type'] ?? 'nothing'
  if (!/^(text|application)\/javascript\b/.test(type)) found(`${what} is ${type}`)
  if (answer.headers['access-control-allow-origin'] !== '*')
    found(`${what} has no Access-Control-Allow-Origin: *, so integrity and modules fail`)
  if (answer.headers['cross-origin-resource-policy'] !== 'cross-origin')
    found(`${what} has no Cross-Origin-Resource-Policy: cross-origin`)
  if (answer.headers['x-content-type-options'] !== 'nosniff') found(`${what} has no X-Content-Type-Options: nosniff`)
}

function checkImmutable(answer: Answer, found: (saw: string) => void): void {
  checkScript(answer, found)
  if (answer.status !== 200) return
  if (!hasDirective(answer, 'immutable') || (cacheSeconds(answer, 'max-age') ?? 0) < YEAR_S) {
    found(`${named(answer)} is not immutable: ${answer.headers['cache-control'] ?? 'no Cache-Control'}`)
  }
}

const launcher: Check = {
  id: 'asset-launcher',
  title: 'widget.js loads on any page and follows a new version within the hour',
  severity: 'serious',
  advice: ADVICE,
  async run({ launcher: answer }, found) {
    checkScript(answer, found)
    const kept = cacheSeconds(answer, 'max-age')
    const said = answer.headers['cache-control'] ?? 'no Cache-Control'
    if (kept === 0 || hasDirective(answer, 'no-store')) found(`browsers ask for it on every page view: ${said}`)
    else if (hasDirective(answer, 'immutable') || kept === undefined || kept > HOUR_S)
      found(`browsers keep it too long: ${said}`)
    else if (!hasDirective(answer, 'stale-while-revalidate')) found(`a page waits when it is old: ${said}`)
    return said
  },
}

const versioned: Check = {
  id: 'asset-versioned',
  title: 'The versioned launcher is there for good',
  severity: 'serious',
  advice: ADVICE,
  async run({ wire, health, launcher: { text } }, found) {
    const answer = await wire.send({ path: `/v/${health.version}/widget.js` })
    checkImmutable(answer, found)
    if (answer.status === 200 && answer.text !== text) found(`it is not the widget.js of version ${health.version}`)
    return undefined
  },
}

const chunks: Check = {
  id: 'asset-chunks',
  title: 'The parts that widget.js loads later are there',
  severity: 'serious',
  advice: ADVICE,
  async run(edge, found) {
    const release = /chunks\/([0-9a-f]{8,64})\//.exec(edge.launcher.text)?.[1] ?? releaseIn(edge.launcher.text)
    if (release === undefined) throw new Skipped('widget.js does not say where its parts are')
    for (const name of ['panel', 'en', 'client']) {
      checkImmutable(await edge.wire.send({ path: `/chunks/${release}/${name}.js` }), found)
    }
    const none = await edge.wire.send({ path: `/chunks/${release}/no-such-part.js` })
    if (none.status !== 404) found(`a part that is not there is answered ${none.status}, so an old page gets no error`)
    if (hasDirective(none, 'immutable')) found('a part that is not there is kept for a year')
    return `release ${release}`
  },
}

/** The minifier keeps the ten digits of the release as a text of their own. */
const releaseIn = (script: string): string | undefined => /["'`/]([0-9a-f]{10})["'`/]/.exec(script)?.[1]

const integrity: Check = {
  id: 'asset-integrity',
  title: 'Files are the ones that integrity.json names',
  severity: 'critical',
  advice:
    'Somebody changed the files after the build, or a cache mixes two of them: deploy again, purge, and find out who.',
  async run({ wire, health, launcher: { text } }, found) {
    const answer = await wire.send({ path: '/integrity.json' })
    if (answer.status === 404) throw new Skipped('this edge has no integrity.json')
    const path = `v/${health.version}/widget.js`
    const said = namedHash(answer.text, path)
    if (said === undefined) found(`integrity.json does not name ${path}`)
    else if (!said.split(' ').includes(sri(text, said))) found(`${path} is not the file that integrity.json names`)
    return undefined
  },
}

const sri = (script: string, like: string): string => {
  const algorithm = /^sha(256|384|512)-/.exec(like)?.[0].slice(0, -1) ?? 'sha384'
  return `${algorithm}-${createHash(algorithm).update(script, 'latin1').digest('base64')}`
}

/** Finds the file's hash wherever the list keeps it. */
function namedHash(json: string, path: string): string | undefined {
  const escaped = path.replaceAll(/[.\\/]/g, '\\$&')
  return new RegExp(`"/?${escaped}"\\s*:\\s*(?:\\{[^}]*?)?"(sha(?:256|384|512)-[A-Za-z0-9+/=]+)"`).exec(json)?.[1]
}

export const assetChecks: Check[] = [launcher, versioned, chunks, integrity]
