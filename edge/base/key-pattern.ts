/**
 * Matches a key of Caty anywhere in a text. Names that begin with `caty_keyless_` are ours: each tenant has a data set
 * called so, and a pattern that took it for a key would accuse every tenant with a long name.
 */
export const CATY_KEY = /caty_(?!keyless_)[A-Za-z0-9_]{16,}/
