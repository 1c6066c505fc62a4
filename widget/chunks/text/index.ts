/** The text chunk: replies that are more than words. Plain text is drawn here, everything else by the rich chunk. */
import type { Chunks } from '../../chunk-api/chunks.ts'
import type { DrawText, LinkTools } from '../../panel/slots.ts'
import { safeUrl } from '../../panel/url.ts'
import { addressAt } from './address.ts'
import { decode } from './entities.ts'
import { link } from './link.tsx'
import { isPlain, plain } from './plain.tsx'
import { withTelephones } from './telephone.tsx'

/** The part of the rich chunk that draws. */
type Rich = Pick<Chunks['rich'], 'markdown'>

/**
 * Finds what draws a text; rejects where the rich chunk cannot be had, which `loadRich` brings with its styles.
 * `imageHosts` are the hosts that the owner allows pictures of, unchecked.
 */
export function createDrawer(
  loadRich: () => Promise<Rich>,
  imageHosts: () => unknown,
): (text: string) => Promise<DrawText> {
  const tools: LinkTools = {
    addressAt,
    decode,
    link,
    pictureUrl: (target) => pictureUrl(target, imageHosts()),
    withTelephones,
  }
  let rich: Promise<Rich> | undefined
  return async (text) => {
    if (isPlain(text)) return plain
    rich ??= loadRich()
    try {
      const { markdown } = await rich
      return (words) => markdown(words, tools)
    } catch (error) {
      rich = undefined
      throw error
    }
  }
}

/** The address of a picture, if it is on one of these hosts and travels encrypted. */
export function pictureUrl(text: string, hosts: unknown): string | undefined {
  const href = Array.isArray(hosts) ? safeUrl(text) : undefined
  const { protocol, hostname } = new URL(href ?? 'about:blank')
  return protocol === 'https:' && Array.isArray(hosts) && hosts.includes(hostname) ? href : undefined
}
