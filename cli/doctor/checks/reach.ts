/** Can visitors reach this edge, over a line that nobody reads, with a clock that fits? */
import type { Check } from '../check.ts'

/** Days before its end at which a certificate that renews by itself should have been renewed. */
const CERTIFICATE_DAYS = 14
/** Seconds. A proof may be 30 s ahead, so an edge further behind refuses visitors with a right clock. */
const MAX_SKEW_S = 20
/** Milliseconds; a launcher that waits longer paints with its defaults first. */
const SLOW_MS = 1000
const LATENCY_SAMPLES = 5

export const isLocal = ({ hostname }: URL): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

const health: Check = {
  id: 'health',
  title: 'The edge is well, and Caty answers it',
  severity: 'serious',
  advice:
    'key_refused: put a valid CATY_API_KEY into the Worker. failing: look at the log of the Worker and at CATY_API_URL. maintenance: unset MAINTENANCE when you are done.',
  async run({ health: { status, upstream, version } }, found) {
    if (status !== 'ok') found(`/health says status ${status}, upstream ${upstream}`)
    else if (upstream !== 'ok') found(`/health says upstream ${upstream}`)
    return `version ${version}`
  },
}

const tls: Check = {
  id: 'tls',
  title: 'The line is encrypted',
  severity: 'critical',
  advice: 'Serve the edge by https with a certificate that browsers trust; Cloudflare makes one for every route.',
  async run({ url, launcher, now }, found) {
    if (url.protocol === 'http:') {
      if (isLocal(url)) return 'this machine: no TLS, and none needed'
      found(`${url.origin} is plain http: tokens, messages and answers can be read and changed on the way`)
      return undefined
    }
    const facts = launcher.tls
    if (!facts) return 'the connection told nothing of its TLS'
    if (!facts.trusted) found(`the certificate is not trusted (${facts.fault})`)
    if (!/^TLSv1\.[23]$/.test(facts.protocol)) found(`the line uses ${facts.protocol}`)
    const days = facts.validTo ? (facts.validTo.getTime() - now().getTime()) / 86_400_000 : undefined
    if (days !== undefined && days < CERTIFICATE_DAYS) found(`the certificate ends in ${Math.floor(days)} days`)
    return `${facts.protocol}${days === undefined ? '' : `, certificate for ${Math.floor(days)} days`}`
  },
}

const clock: Check = {
  id: 'clock',
  title: "The edge's clock is right",
  severity: 'serious',
  advice:
    'Compare this machine with a time server first. If it is right, somebody between you and the Worker rewrites or caches answers: find the proxy or cache rule.',
  async run({ url, launcher, wire }, found) {
    const answer = wire.received.find(({ call }) => call.path === '/health') ?? launcher
    const date = new Date(answer.headers.date ?? '')
    if (Number.isNaN(date.getTime())) {
      // Cloudflare adds it to every answer; workerd by itself does not.
      if (isLocal(url)) return 'workerd on this machine sends no Date'
      found('answers carry no Date')
      return undefined
    }
    // The field has whole seconds, and the answer was on its way.
    const skew = (date.getTime() - answer.at.getTime()) / 1000
    if (Math.abs(skew) > MAX_SKEW_S)
      found(`its Date is ${Math.abs(Math.round(skew))} s ${skew < 0 ? 'behind' : 'ahead'}`)
    return `within ${Math.max(1, Math.ceil(Math.abs(skew)))} s of this machine's`
  },
}

const latency: Check = {
  id: 'latency',
  title: 'The edge answers quickly from here',
  severity: 'warning',
  advice:
    'Measure from another network. If it stays, look at the CPU time of the Worker, at a proxy in front of it, and at the distance of Cloudflare from here.',
  async run({ wire }, found) {
    const times: number[] = []
    for (let sample = 0; sample < LATENCY_SAMPLES; sample++) {
      times.push((await wire.send({ path: '/.well-known/oauth-authorization-server' })).ms)
    }
    const median = times.sort((a, b) => a - b)[Math.floor(LATENCY_SAMPLES / 2)] ?? 0
    if (median > SLOW_MS) found(`a median of ${Math.round(median)} ms`)
    return `median ${median.toFixed(median < 10 ? 1 : 0)} ms of ${LATENCY_SAMPLES}`
  },
}

export const reachChecks = [health, tls, clock, latency]
