/** The one thing that must never come out: Caty's key, looked for in everything that was received. */
import { CATY_KEY } from '../../../edge/base/key-pattern.ts'
import { named } from '../answers.ts'
import type { Check } from '../check.ts'
import type { Answer } from '../wire.ts'

/** Characters of a secret that nobody sees by chance. */
const WINDOW = 8

const whole = ({ headers, text }: Answer): string =>
  `${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\n${text}`

/** Every run of eight characters of the secrets, without the prefix that all keys share. */
export function windowsOf(secrets: readonly string[]): Set<string> {
  const windows = new Set<string>()
  for (const secret of secrets) {
    const part = secret.replace(/^caty_(?:prod_|dev_)?/, '')
    for (let at = 0; at + WINDOW <= part.length; at++) windows.add(part.slice(at, at + WINDOW))
  }
  return windows
}

const canary: Check = {
  id: 'key-canary',
  title: 'No key of Caty in anything that was received',
  severity: 'critical',
  advice:
    'The key is out: make a new one in the dashboard of Caty now, put it into the Worker, and revoke this one. Then find out how.',
  async run({ wire, secrets }, found) {
    const windows = windowsOf(secrets)
    const places = new Set<string>()
    for (const answer of wire.received) {
      const text = whole(answer)
      if (CATY_KEY.test(text)) places.add(`${named(answer)} holds something that looks like a key`)
      // Its own eight characters are not printed: a report is sent around.
      else if ([...windows].some((part) => text.includes(part))) places.add(`${named(answer)} holds a part of the key`)
    }
    for (const place of [...places].slice(0, 5)) found(place)
    const own =
      secrets.length > 0
        ? 'your key and the pattern of keys'
        : 'the pattern of keys; set CATY_API_KEY to look for your own'
    return `${wire.received.length} answers searched for ${own}`
  },
}

export const keyChecks = [canary]
