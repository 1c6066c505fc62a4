/** The files a page loads: whole, readable from any page, and kept for as long as they should be. */
import { createHash } from 'node:crypto'
import { cacheControl, cacheSeconds, hasDirective, named, refusedWith, Skipped } from '../answers.ts'
import type { Check, Findings } from '../check.ts'
import type { Answer } from '../wire.ts'

const ADVICE =
  'Deploy the assets of one build together with their _headers file, and remove cache and header rules in front of them.'
const YEAR_S = 31_536_000
/** Seconds within which a new version should reach pages. */
const HOUR_S = 3600
/** The minifier may keep the ten digits of the release as a text of their own. */
const RELEASE_ALONE = /["'`/]([0-9a-f]{10})["'`/]/
const FIELDS = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'x-content-type-options': 'nosniff',
}

/** A script that a page of any site may load, also one with COEP, and that nobody can take for something else. */
function checkScript(answer: Answer, found: Findings): void {
  const what = named(answer)
  found.unless(answer, [200], `${what} is not there`)
  if (answer.status !== 200) return
  const type = answer.headers['content-type'] ?? 'nothing'
  found.when(!/^(text|application)\/javascript\b/.test(type), `${what} is ${type}`)
  for (const [name, value] of Object.entries(FIELDS))
    found.when(answer.headers[name] !== value, `${what} has no ${name}: ${value}`)
}

function checkImmutable(answer: Answer, found: Findings): void {
  checkScript(answer, found)
  const kept = hasDirective(answer, 'immutable') && (cacheSeconds(answer, 'max-age') ?? 0) >= YEAR_S
  found.when(answer.status === 200 && !kept, `${named(answer)} is not immutable: ${cacheControl(answer)}`)
}

export const assetChecks: Check[] = [
  {
    id: 'asset-launcher',
    title: 'widget.js loads on any page and follows a new version within the hour',
    severity: 'serious',
    advice: ADVICE,
    async run({ facts: { launcher } }, found) {
      checkScript(launcher, found)
      const kept = cacheSeconds(launcher, 'max-age')
      const said = cacheControl(launcher)
      if (kept === 0 || hasDirective(launcher, 'no-store')) found.add(`browsers ask for it on every page view: ${said}`)
      else if (hasDirective(launcher, 'immutable') || kept === undefined || kept > HOUR_S)
        found.add(`browsers keep it too long: ${said}`)
      else if (!hasDirective(launcher, 'stale-while-revalidate')) found.add(`a page waits when it is old: ${said}`)
      return said
    },
  },
  {
    id: 'asset-versioned',
    title: 'The versioned launcher is there for good',
    severity: 'serious',
    advice: ADVICE,
    async run({ facts: { wire, health, launcher } }, found) {
      const answer = await wire.send({ path: `/v/${health.version}/widget.js` })
      checkImmutable(answer, found)
      const same = answer.status !== 200 || answer.text === launcher.text
      found.when(!same, `it is not the widget.js of version ${health.version}`)
    },
  },
  {
    id: 'asset-chunks',
    title: 'The parts that widget.js loads later are there',
    severity: 'serious',
    advice: ADVICE,
    async run({ facts: { wire, launcher } }, found) {
      const name = (/chunks\/([0-9a-f]{8,64})\//.exec(launcher.text) ?? RELEASE_ALONE.exec(launcher.text))?.[1]
      if (name === undefined) throw new Skipped('widget.js does not say where its parts are')
      for (const part of ['panel', 'en', 'client']) {
        checkImmutable(await wire.send({ path: `/chunks/${name}/${part}.js` }), found)
      }
      const none = await wire.send({ path: `/chunks/${name}/no-such-part.js` })
      found.unless(none, [404], 'a part that is not there is answered, so an old page gets no error')
      found.when(hasDirective(none, 'immutable'), 'a part that is not there is kept for a year')
      return `release ${name}`
    },
  },
  {
    id: 'asset-integrity',
    title: 'Files are the ones that integrity.json names',
    severity: 'critical',
    advice:
      'Somebody changed the files after the build, or a cache mixes two of them: deploy again, purge, and find out who.',
    async run({ facts: { wire, health, launcher } }, found) {
      const answer = await wire.send({ path: '/integrity.json' })
      if (refusedWith(answer, 404)) throw new Skipped('this edge has no integrity.json')
      const path = `v/${health.version}/widget.js`
      const said = namedHash(answer.text, path)
      const [algorithm = 'sha384'] = /^sha(256|384|512)/.exec(said ?? '') ?? []
      const hash = `${algorithm}-${createHash(algorithm).update(launcher.text, 'latin1').digest('base64')}`
      found.when(said === undefined, `integrity.json does not name ${path}`)
      found.when(said !== undefined && said !== hash, `${path} is not the file that integrity.json names`)
    },
  },
]

/** Finds the file's hash wherever the list keeps it. */
function namedHash(json: string, path: string): string | undefined {
  const escaped = path.replaceAll(/[.\\/]/g, '\\$&')
  return new RegExp(`"/?${escaped}"\\s*:\\s*(?:\\{[^}]*?)?"(sha(?:256|384|512)-[A-Za-z0-9+/=]+)"`).exec(json)?.[1]
}
