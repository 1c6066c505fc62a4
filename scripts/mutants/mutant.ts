/** One defence, the edit that takes it out, and the test that must then fail. */
export type Mutant = {
  /** The row of section 6 of the design. */
  threat: string
  defence: string
  file: string
  /** Must occur exactly once. */
  find: string
  instead: string
  /** `e2e` builds the widget anew and opens Chromium. */
  project: 'edge' | 'widget' | 'e2e'
  test: string
}

export const edge = (
  threat: string,
  defence: string,
  file: string,
  find: string,
  instead: string,
  test: string,
): Mutant => ({
  threat,
  defence,
  file: `edge/${file}`,
  find,
  instead,
  project: 'edge',
  test: `test/edge/${test}.test.ts`,
})
