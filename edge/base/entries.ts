/** Settings that hold several values, separated by commas. */

/** One value of a list. `place` names it without its text, which may be a secret. */
export type Entry = { text: string; place: string }
export type Entries = { entries: Entry[]; problems: string[] }

/**
 * Splits the list. Each problem is the end of a sentence about the setting: an entry that is empty, or that holds another
 * separator. A semicolon counts as one unless the entries may hold it.
 */
export function entriesOf(list: string, { semicolons = false } = {}): Entries {
  const entries: Entry[] = []
  const problems: string[] = []
  for (const [index, part] of list.split(',').entries()) {
    const [text, place] = [part.trim(), `entry ${index + 1}`]
    const wrong = /[\r\n]/.test(text)
      ? 'a line break'
      : /\s/.test(text)
        ? 'a space'
        : /;/.test(text) && !semicolons
          ? 'a semicolon'
          : undefined
    if (text === '') problems.push(`${place} is empty: remove the extra comma`)
    else if (wrong) problems.push(`${place} holds ${wrong}: separate the entries by commas and nothing else`)
    else entries.push({ text, place })
  }
  return { entries, problems }
}
