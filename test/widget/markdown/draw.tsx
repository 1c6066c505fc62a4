/** Draws Markdown as the widget does, and gives back what is in the page then. */
import { type ComponentChildren, h, render } from 'preact'
import * as rich from '../../../widget/chunks/rich/index.tsx'
import { createDrawer } from '../../../widget/chunks/text/index.ts'
import type { DrawText, LinkTools } from '../../../widget/panel/slots.ts'

/** The element around these children. */
export function place(children: ComponentChildren): HTMLElement {
  const parent = document.createElement('div')
  render(<div>{children}</div>, parent)
  const [inside] = parent.children
  if (!(inside instanceof HTMLElement)) throw new Error('nothing was drawn')
  return inside
}

/** What the text chunk hands to the rich one. */
async function toolsFor(imageHosts: readonly string[]): Promise<LinkTools> {
  let given: LinkTools | undefined
  const markdown = (_text: string, tools: LinkTools) => {
    given = tools
    return []
  }
  const draw = await createDrawer(
    async () => ({ markdown }),
    () => imageHosts,
  )('**rich**')
  draw('')
  if (!given) throw new Error('the rich chunk was not called')
  return given
}

export const ALLOWED_HOST = 'cdn.shop.example'
const tools = await toolsFor([])
const toolsWithPictures = await toolsFor([ALLOWED_HOST])

/** A reply as vnodes, made by the rich chunk. */
export const markdown: DrawText = (text) => rich.markdown(text, tools)

/** A reply, drawn by the rich chunk. */
export const draw = (text: string): HTMLElement => place(markdown(text))

/** The same where the owner allows pictures of one host. */
export const drawWithPictures = (text: string): HTMLElement => place(rich.markdown(text, toolsWithPictures))
