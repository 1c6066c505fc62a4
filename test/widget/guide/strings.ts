import type { AllStrings } from '../../../widget/chunk-api/strings.ts'
import english from '../../../widget/locales/en.ts'
import moreEnglish from '../../../widget/locales/more/en.ts'

export const strings: AllStrings = { ...english, ...moreEnglish }
/** Waits until everything that waits for promises only has happened. */
export const settled = () => new Promise((resolve) => setTimeout(resolve))
