/** What a planted fault can do: change the request before the real edge gets it, answer by itself, or change the answer. */
import { createHash } from 'node:crypto'
import type { HttpVisitor } from '../visitor.ts'

export type Request = { method: string; path: string; headers: Record<string, string>; body: string }
export type Reply = { status: number; headers: Record<string, string>; body: string }
export type Place = {
  /** The allowed origin. */
  page: string
  /** Caty's key, which a broken edge reveals. */
  key: string
  /** A visitor with a key and a token that the real edge accepts. */
  visitor: HttpVisitor
  /** Proofs of earlier requests. */
  seen: Set<string>
}
export type Fault = {
  /** Returns a changed request, an answer, or nothing to leave the request unchanged. */
  request?: (request: Request, place: Place) => Promise<Request | Reply | undefined> | Request | Reply | undefined
  reply?: (reply: Reply, request: Request, place: Place) => Reply
  /** The body is read before `request` is called. */
  readsBody?: true
}

/** The request with valid credentials of the real edge's own visitor, so that invalid ones appear to be accepted. */
export async function asOwnVisitor(request: Request, { page, visitor }: Place): Promise<Request> {
  const path = request.path.split('?')[0] ?? request.path
  if (Number(jwt(visitor.token, 1).exp) < Date.now() / 1000 + 5) await visitor.restart()
  return {
    ...request,
    headers: {
      ...request.headers,
      origin: page,
      authorization: `DPoP ${visitor.token}`,
      dpop: await visitor.proof(request.method, path),
    },
  }
}

export const tokenOf = ({ headers }: Request): string => headers.authorization?.split(' ')[1] ?? ''
export const isApi = ({ path }: Request): boolean => path.startsWith('/api/')

export function jwt(token: string, part: 0 | 1): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString())
    return { ...Object(value) }
  } catch {
    return {}
  }
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Sets one header where the request matches; `undefined` removes it. */
export const header =
  (
    name: string,
    value: string | undefined | ((place: Place, request: Request) => string),
    where: (request: Request, reply: Reply) => boolean = () => true,
  ) =>
  (reply: Reply, request: Request, place: Place): Reply => {
    if (!where(request, reply)) return reply
    const { [name]: _, ...rest } = reply.headers
    const text = typeof value === 'function' ? value(place, request) : value
    return { ...reply, headers: text === undefined ? rest : { ...rest, [name]: text } }
  }

/** Changes members of a JSON answer; any other answer stays unchanged. */
export function withMembers(reply: Reply, change: Record<string, unknown>): Reply {
  try {
    const value: unknown = JSON.parse(reply.body)
    return { ...reply, body: JSON.stringify({ ...Object(value), ...change }) }
  } catch {
    return reply
  }
}
