import type { Words } from '../../../widget/chunks/guide/chunk-props.ts'
import english from '../../../widget/locales/en.ts'
import moreEnglish from '../../../widget/locales/more/en.ts'

export const said: Words = { ...english, ...moreEnglish }
/** Lets everything happen that waits for promises only. */
export const settled = () => new Promise((resolve) => setTimeout(resolve))
