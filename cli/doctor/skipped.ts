/** The check cannot be made here; the sentence says why. */
export class Skipped extends Error {}
