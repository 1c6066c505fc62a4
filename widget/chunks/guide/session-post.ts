/** Posts that belong to the visitor's session. */
import type { EdgeConnection } from '../../chunk-api/connection.ts'
import { isCallError } from '../../client/errors.ts'
import type { Post } from './chunk-props.ts'

/** Adds the session to a post. If Caty has forgotten the session, opens a new one and posts again: the first had no effect. */
export const postInSession =
  (connection: EdgeConnection): Post =>
  async <T>(path: string, body: Record<string, unknown>, options = {}) => {
    const post = async () => connection.call<T>(path, withSession(body, await connection.session()), options)
    try {
      return await post()
    } catch (error) {
      if (!isCallError(error) || error.fault.kind !== 'session') throw error
      connection.dropSession()
      return post()
    }
  }

/** A body with a file becomes a form. The session comes first, because the edge takes nothing before it knows the visitor. */
function withSession(body: Record<string, unknown>, session: string): object {
  const whole: Record<string, unknown> = { session_id: session, ...body }
  if (!(body.file instanceof File)) return whole
  const form = new FormData()
  for (const [name, value] of Object.entries(whole)) form.append(name, value instanceof File ? value : String(value))
  return form
}
