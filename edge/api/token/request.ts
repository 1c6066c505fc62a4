/** The form of a token request (RFC 8693 section 2.1), parsed strictly. */

import { type OAuthError, Refused } from '../../base/reason.ts'
import { expectType, JSON_CAP, readText } from '../../http/body.ts'
import { readParameters } from '../../http/parameters.ts'

export const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const ACCESS_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'
export const WIDGET_ID_TYPE = 'urn:caty:token-type:widget-id'

export type TokenRequest = {
  subject: string
  subjectType: typeof ACCESS_TOKEN_TYPE | typeof WIDGET_ID_TYPE
  /** As the client sent it, not validated; `undefined` when it sent none. */
  scope: readonly string[] | undefined
  clientId: string | undefined
  audience: readonly string[]
  resource: readonly string[]
  includeConfig: boolean
  /** The response of the solved challenge. */
  challenge: string | undefined
}

/** Parameters that may come more than once (RFC 8693); others may not (RFC 6749 section 3.2). */
const REPEATABLE = new Set(['audience', 'resource'])
/** RFC 6749 section 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Throws an OAuth error. */
export const refuse = (error: OAuthError, why: string): never => {
  throw new Refused({ kind: 'oauth', error, why })
}

/** Reads the form. Throws 415, 408, 413, or an OAuth error that names the parameter. */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  expectType(request, 'application/x-www-form-urlencoded')
  const read = readParameters(new URLSearchParams(await readText(request, JSON_CAP)), REPEATABLE)
  if (!read.ok)
    return refuse('invalid_request', `The ${read.name === undefined ? 'form' : `parameter ${read.name}`} ${read.why}.`)
  // A parameter without a value counts as absent (RFC 6749 section 3.2).
  const all = (name: string): string[] => (read.values.get(name) ?? []).filter((text) => text !== '')
  const value = (name: string): string | undefined => all(name)[0]
  const needed = (name: string): string => value(name) ?? refuse('invalid_request', `The parameter ${name} is missing.`)
  if (needed('grant_type') !== GRANT_TYPE) refuse('unsupported_grant_type', `The grant_type must be ${GRANT_TYPE}.`)
  const requested = value('requested_token_type')
  if (requested !== undefined && requested !== ACCESS_TOKEN_TYPE) {
    refuse('invalid_request', `The requested_token_type must be ${ACCESS_TOKEN_TYPE}.`)
  }
  if (value('actor_token') !== undefined || value('actor_token_type') !== undefined) {
    refuse('invalid_request', 'An actor_token is not taken.')
  }
  if (value('client_secret') !== undefined || value('client_assertion') !== undefined) {
    refuse('invalid_client', 'Clients here are public and have no secret.')
  }
  return {
    subject: needed('subject_token'),
    subjectType: subjectType(needed('subject_token_type')),
    scope: scopeList(value('scope')),
    clientId: value('client_id'),
    audience: all('audience'),
    resource: all('resource'),
    includeConfig: includesConfig(value('include')),
    challenge: value('turnstile_response'),
  }
}

function subjectType(type: string): TokenRequest['subjectType'] {
  if (type === ACCESS_TOKEN_TYPE || type === WIDGET_ID_TYPE) return type
  return refuse('invalid_request', `The subject_token_type must be ${WIDGET_ID_TYPE} or ${ACCESS_TOKEN_TYPE}.`)
}

function scopeList(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const scopes = text.split(' ')
  if (!scopes.every((scope) => SCOPE_TOKEN.test(scope)))
    refuse('invalid_scope', 'The scope must be names with single spaces between them.')
  return scopes
}

function includesConfig(text: string | undefined): boolean {
  if (text !== undefined && text !== 'config')
    refuse('invalid_request', 'The parameter include takes config and nothing else.')
  return text === 'config'
}
