/** The Workers of an account at Cloudflare: versions, deployments, and the upload of each version. */
import { randomUUID } from 'node:crypto'

export type Binding = { name: string; type: string; text?: string }
export type Version = {
  id: string
  created_on: string
  number: number
  source: string
  bindings: Binding[]
  message: string
}
export type Share = { version_id: string; percentage: number }
export type Deployment = { id: string; created_on: string; versions: Share[] }
export type Script = { versions: Version[]; deployments: Deployment[]; migrationTag: string | undefined }

/** The part of an upload's `metadata` that the stand-in needs. */
export type Metadata = {
  main_module: string
  bindings: Binding[]
  keep_bindings?: string[]
  migrations?: { new_tag?: string }
  annotations?: Record<string, string>
}

export class Account {
  readonly scripts = new Map<string, Script>()
  #clock = Date.parse('2026-11-25T00:00:00Z')

  /** Each event is one second later than the one before. */
  #now(): string {
    this.#clock += 1000
    return new Date(this.#clock).toISOString()
  }

  /** Adds a version. As at Cloudflare, secrets that the upload does not name come from the version before. */
  upload(name: string, source: string, metadata: Metadata): Version {
    const script = this.scripts.get(name) ?? { versions: [], deployments: [], migrationTag: undefined }
    this.scripts.set(name, script)
    script.migrationTag = metadata.migrations?.new_tag ?? script.migrationTag
    const before = script.versions.at(-1)?.bindings.filter(({ type }) => type === 'secret_text') ?? []
    const kept = before.filter((each) => !metadata.bindings.some(({ name: own }) => own === each.name))
    const bindings = [...metadata.bindings.filter(({ type }) => type !== 'inherit'), ...kept]
    return this.#add(script, source, bindings, metadata.annotations?.['workers/message'] ?? '')
  }

  /** Adds a version with the newest code and other secrets; `null` removes one. */
  patch(name: string, secrets: Record<string, { text: string } | null>, message: string): Version | undefined {
    const script = this.scripts.get(name)
    const newest = script?.versions.at(-1)
    if (!script || !newest) return undefined
    const left = newest.bindings.filter((each) => !(each.name in secrets))
    const set = Object.entries(secrets).flatMap(([each, value]) =>
      value === null ? [] : [{ name: each, type: 'secret_text', text: value.text }],
    )
    return this.#add(script, newest.source, [...left, ...set], message)
  }

  deploy(name: string, versions: Share[]): Deployment | undefined {
    const script = this.scripts.get(name)
    if (!script || !versions.every((share) => script.versions.some(({ id }) => id === share.version_id)))
      return undefined
    const deployment = { id: randomUUID(), created_on: this.#now(), versions }
    script.deployments.unshift(deployment)
    return deployment
  }

  #add(script: Script, source: string, bindings: Binding[], message: string): Version {
    const number = script.versions.length + 1
    const version = { id: randomUUID(), created_on: this.#now(), number, source, bindings, message }
    script.versions.push(version)
    return version
  }
}
