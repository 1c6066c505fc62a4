/** Can visitors reach this edge, over a line that nobody reads, with a clock that fits? Is what it serves fresh? */
import { answered, cacheControl, hasDirective, member, refusedWith } from '../answers.ts'
import type { Check } from '../check.ts'
import { isLocal } from '../identify.ts'

/** Days before its end at which a certificate that renews by itself should have been renewed. */
const CERTIFICATE_DAYS = 14
/** Seconds. A proof may be 30 s ahead, so an edge further behind refuses visitors with a right clock. */
const MAX_SKEW_S = 20
/** Milliseconds; a launcher that waits longer paints with its defaults first. */
const SLOW_MS = 1000
const LATENCY_SAMPLES = 5
/** Seconds; past this the edge serves an old configuration only because Caty fails. */
const MAX_AGE_S = 6 * 60

export const reachChecks: Check[] = [
  {
    id: 'health',
    title: 'The edge is well, and Caty answers it',
    severity: 'serious',
    advice:
      'key_refused: put a valid CATY_API_KEY into the Worker. failing: look at the log of the Worker and at CATY_API_URL. maintenance: unset MAINTENANCE when you are done.',
    async run({ facts }, found) {
      const { status, upstream, version } = facts.health
      found.when(status !== 'ok' || upstream !== 'ok', `/health says status ${status}, upstream ${upstream}`)
      return `version ${version}`
    },
  },
  {
    id: 'tls',
    title: 'The line is encrypted',
    severity: 'critical',
    advice: 'Serve the edge by https with a certificate that browsers trust; Cloudflare makes one for every route.',
    async run({ facts: { url, launcher, now } }, found) {
      if (url.protocol === 'http:') {
        if (isLocal(url)) return 'this machine: no TLS, and none needed'
        found.add(`${url.origin} is plain http: tokens, messages and answers can be read and changed on the way`)
        return undefined
      }
      const { tls } = launcher
      if (!tls) return 'the connection told nothing of its TLS'
      found.when(!tls.trusted, `the certificate is not trusted (${tls.fault})`)
      found.when(!/^TLSv1\.[23]$/.test(tls.protocol), `the line uses ${tls.protocol}`)
      if (!tls.validTo) return tls.protocol
      const days = Math.floor((tls.validTo.getTime() - now().getTime()) / 86_400_000)
      found.when(days < CERTIFICATE_DAYS, `the certificate ends in ${days} days`)
      return `${tls.protocol}, certificate for ${days} days`
    },
  },
  {
    id: 'clock',
    title: "The edge's clock is right",
    severity: 'serious',
    advice:
      'Compare this machine with a time server first. If it is right, somebody between you and the Worker rewrites or caches answers: find the proxy or cache rule.',
    async run({ facts: { url, launcher, wire } }, found) {
      const answer = wire.received.find(({ call }) => call.path === '/health') ?? launcher
      // The field has whole seconds, and the answer was on its way.
      const skew = (Date.parse(answer.headers.date ?? '') - answer.at.getTime()) / 1000
      if (Number.isNaN(skew)) {
        // Cloudflare adds it to every answer; workerd by itself does not.
        if (isLocal(url)) return 'workerd on this machine sends no Date'
        found.add('answers carry no Date')
        return undefined
      }
      const off = `${Math.abs(Math.round(skew))} s ${skew < 0 ? 'behind' : 'ahead'}`
      found.when(Math.abs(skew) > MAX_SKEW_S, `its Date is ${off}`)
      return `within ${Math.max(1, Math.ceil(Math.abs(skew)))} s of this machine's`
    },
  },
  {
    id: 'latency',
    title: 'The edge answers quickly from here',
    severity: 'warning',
    advice:
      'Measure from another network. If it stays, look at the CPU time of the Worker, at a proxy in front of it, and at the distance of Cloudflare from here.',
    async run({ facts: { wire } }, found) {
      const times: number[] = []
      for (let sample = 0; sample < LATENCY_SAMPLES; sample++) {
        times.push((await wire.send({ path: '/.well-known/oauth-authorization-server' })).ms)
      }
      const median = times.sort((a, b) => a - b)[Math.floor(LATENCY_SAMPLES / 2)] ?? 0
      found.when(median > SLOW_MS, `a median of ${Math.round(median)} ms`)
      return `median ${median.toFixed(median < 10 ? 1 : 0)} ms of ${LATENCY_SAMPLES}`
    },
  },
]

export const configChecks: Check[] = [
  {
    id: 'config-fresh',
    title: 'The configuration is served and fresh',
    severity: 'serious',
    advice:
      'stale-if-error: Caty fails or refuses the key, see /health and the log of the Worker. Age, or another cache in Cache-Status: remove the cache rule in front of /api/.',
    async run(edge, found) {
      // The first of a quiet hour may be old and asks for a new one; the second has it.
      const first = await edge.read()
      const answer = first.headers['cache-status']?.includes('stale-while-revalidate') ? await edge.read() : first
      if (!refusedWith(answer, 200)) {
        found.add(`${answered(answer)} says ${member(answer, 'code') ?? 'no code'}`)
        return undefined
      }
      const said = answer.headers['cache-status'] ?? ''
      const age = Number(answer.headers.age ?? 0)
      const others = said.split(/,\s*/).filter((cache) => cache !== '' && !cache.startsWith('caty-keyless'))
      found.when(typeof member(answer, 'config') !== 'object', 'the answer has no config')
      found.when(said.includes('stale-if-error'), `it is an old one, because Caty fails: ${said}`)
      found.when(age > MAX_AGE_S, `it is ${age} s old`)
      found.when(others.length > 0, `another cache stands before the edge: ${others.join(', ')}`)
      found.when(/\bHIT\b/i.test(answer.headers['cf-cache-status'] ?? ''), "Cloudflare's own cache answers it")
      found.when(!hasDirective(answer, 'no-store'), `browsers may keep it: ${cacheControl(answer)}`)
      return said
    },
  },
]
