/** Trusted Types: the address of a script must come through a policy, which the page allows by its name. */

/** `createScriptURL` returns a `TrustedScriptURL`, which only a script's `src` accepts. */
type Factory = {
  createPolicy: (
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ) => { createScriptURL: (url: string) => unknown }
}

const isFactory = (value: unknown): value is Factory =>
  typeof value === 'object' && value !== null && 'createPolicy' in value

export type ScriptPolicy = { setSource: (script: HTMLScriptElement, url: string) => void }

/** A policy of that name. Without Trusted Types addresses are plain strings. Throws if the page forbids the name. */
export function scriptPolicy(name: string): ScriptPolicy {
  const factory = 'trustedTypes' in window ? window.trustedTypes : undefined
  const policy = isFactory(factory) ? factory.createPolicy(name, { createScriptURL: (url) => url }) : undefined
  return {
    setSource: (script, url) => void Object.assign(script, { src: policy ? policy.createScriptURL(url) : url }),
  }
}
