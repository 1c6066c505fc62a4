/** Whether a key belongs to an input method (Japanese, Chinese …) that is composing text. */

/** What an input method's keys carry as `keyCode`. */
const INPUT_METHOD = 229

/** Safari sends the Enter that ends a composition after its end, so `isComposing` is false already; the code tells. */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === INPUT_METHOD
