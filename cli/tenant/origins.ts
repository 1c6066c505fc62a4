/** Origins as people type them, on a command line or as an answer. */

/** As the Worker wants them: one comma between two, no slash at the end, the host in small letters. */
export const tidyOrigins = (text: string): string =>
  text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(tidyOrigin)
    .join(', ')

function tidyOrigin(entry: string): string {
  const [, origin = entry, path = ''] = /^(https?:\/\/[^/?#]+)(.*)$/i.exec(entry) ?? []
  // A path says that a page was meant: the Worker's own sentence tells which origin it has.
  return path === '' || path === '/' ? origin.toLowerCase() : entry
}

/** Is it plain HTTP, and not this machine? Browsers have no key pairs there. */
export const plainOrigin = (entry: string): boolean =>
  /^http:\/\/(?!\*|(localhost|127\.0\.0\.1|\[::1\])(:|$))/.test(entry)
