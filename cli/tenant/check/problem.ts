/** One thing to change, as one sentence; `code` is for scripts and never changes its meaning. */
export type Problem = { severity: 'error' | 'warning'; code: string; sentence: string }

export const error = (code: string, sentence: string): Problem => ({ severity: 'error', code, sentence })
export const warning = (code: string, sentence: string): Problem => ({ severity: 'warning', code, sentence })
export const isError = ({ severity }: Problem): boolean => severity === 'error'
