/** Calls the Admin API with the session's token, which is renewed once if the edge refuses it. */
import { isAuthRetryableFetchError, type SupabaseClient } from '@supabase/supabase-js'
import * as v from 'valibot'
import { Problem } from './schemas.ts'

/** A sentence for the user, and details for the view. */
export class ApiError extends Error {
  readonly status: number
  /** The member of the body that the edge refused. */
  readonly field: string | undefined

  constructor(status: number, sentence: string, field?: string) {
    super(sentence)
    this.status = status
    this.field = field
  }
}

type Query = Record<string, string | number | undefined>
type Call = { method?: string; query?: Query; body?: object }
type Answered = { status: number; json: unknown }

export class Api {
  readonly #edge: string
  readonly #supabase: SupabaseClient

  constructor(edge: string, supabase: SupabaseClient) {
    this.#edge = edge
    this.#supabase = supabase
  }

  /** Throws `ApiError`. Empty values of the query are left out. */
  async call<T extends v.GenericSchema>(schema: T, path: string, { method = 'GET', query = {}, body }: Call = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '')
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
    const answered = await this.#twice((token) =>
      this.#fetch(`${path}${search === '' ? '' : `?${search}`}`, token, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
      }),
    )
    return read(schema, answered)
  }

  /** Sends a form and reports how much was sent. `fetch` cannot report that, so this uses an XMLHttpRequest. */
  async upload<T extends v.GenericSchema>(
    schema: T,
    path: string,
    form: FormData,
    { progress, signal }: { progress: (share: number) => void; signal: AbortSignal },
  ) {
    const send = (token: string) =>
      new Promise<Answered>((resolve, reject) => {
        const request = new XMLHttpRequest()
        request.open('POST', `${this.#edge}/api/admin${path}`)
        request.setRequestHeader('Authorization', `Bearer ${token}`)
        request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0)
        request.onload = () => resolve({ status: request.status, json: parsed(request.responseText) })
        request.onerror = () => reject(new ApiError(0, UNREACHABLE))
        request.onabort = () => reject(new ApiError(0, 'The upload was stopped.'))
        signal.addEventListener('abort', () => request.abort(), { once: true })
        request.send(form)
      })
    return read(schema, await this.#twice(send))
  }

  /** supabase-js renews the session before its hour ends; the second attempt covers a wrong clock. */
  async #twice(send: (token: string) => Promise<Answered>): Promise<Answered> {
    const { data } = await this.#supabase.auth.getSession()
    const first = await send(data.session?.access_token ?? '')
    if (first.status !== 401) return first
    const renewed = await this.#supabase.auth.refreshSession()
    if (renewed.data.session) return send(renewed.data.session.access_token)
    // supabase-js keeps a session until its hour ends, even if the edge no longer accepts it.
    if (!isAuthRetryableFetchError(renewed.error)) await this.#supabase.auth.signOut({ scope: 'local' })
    return first
  }

  async #fetch(path: string, token: string, init: RequestInit): Promise<Answered> {
    const headers = { ...init.headers, Authorization: `Bearer ${token}` }
    const response = await fetch(`${this.#edge}/api/admin${path}`, { ...init, headers }).catch(() => {
      throw new ApiError(0, UNREACHABLE)
    })
    return { status: response.status, json: parsed(await response.text()) }
  }
}

const UNREACHABLE =
  'The edge cannot be reached. Check your connection, and that this page’s origin is in ADMIN_ORIGINS.'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function read<T extends v.GenericSchema>(schema: T, { status, json }: Answered): v.InferOutput<T> {
  if (status >= 200 && status < 300) {
    const answer = v.safeParse(schema, json)
    if (answer.success) return answer.output
    throw new ApiError(status, 'The edge answered something that this dashboard does not know.')
  }
  const problem = v.safeParse(Problem, json)
  if (!problem.success) throw new ApiError(status, `The edge answered ${status}.`)
  throw new ApiError(status, problem.output.detail || `The edge answered ${status}.`, problem.output.field)
}
