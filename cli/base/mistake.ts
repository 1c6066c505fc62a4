/** How a command can end, and the exit code that says so to a script. docs/cli.md lists them. */
export const EXIT = {
  done: 0,
  /** A file, or something else outside the command line, has to be changed first. */
  mistake: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** wrangler or Cloudflare failed; nothing more was done. */
  cloudflare: 3,
  /** It is deployed, and it is not well. */
  unhealthy: 4,
  /** A rotation waits for time to pass or for the owner: run the same command again. */
  waiting: 5,
} as const
export type Ending = Exclude<keyof typeof EXIT, 'done'>

/** Ends a command. Each sentence says what to change, in the words that were typed; none holds a secret. */
export class Mistake extends Error {
  readonly ending: Ending
  readonly sentences: readonly string[]

  constructor(ending: Ending, ...sentences: string[]) {
    super(sentences.join(' '))
    this.ending = ending
    this.sentences = sentences
  }
}
