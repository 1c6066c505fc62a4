/** Posts that belong to the visitor's session. */
import type { Link } from '../../chunk-api/core.ts'
import type { Post } from './chunk-props.ts'

/** A session that Caty has forgotten is opened anew, and the post goes out once more: nothing came of the first. */
export const postIn =
  (link: Link): Post =>
  async <T>(path: string, body: Record<string, unknown>, how = {}) => {
    const once = async () => link.call<T>(path, withSession(body, await link.session()), how)
    try {
      return await once()
    } catch (error) {
      if (Object(error).fault?.kind !== 'session') throw error
      link.lost()
      return once()
    }
  }

/** A file makes a form of it, with the session first: the edge lets nothing in before it knows whose it is. */
function withSession(body: Record<string, unknown>, session: string): object {
  const whole: Record<string, unknown> = { session_id: session, ...body }
  if (!(Object(body.file) instanceof File)) return whole
  const form = new FormData()
  for (const [name, value] of Object.entries(whole)) form.append(name, value instanceof File ? value : String(value))
  return form
}
