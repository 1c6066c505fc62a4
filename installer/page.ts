/** The installer's files with what differs between its places: the demo shop, a tenant's edge, the site of the docs. */

/** Names of policies for Trusted Types: the page's own, and the widget's for a challenge. */
const POLICIES = 'caty-installer caty-keyless'

/** The policy of both pages. `edge` is the origin that the preview loads the widget from, where it is another. */
export const policyOf = (edge: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${edge}`,
    // Any Worker that an owner types is asked whether it is one; nothing else of this page is ever sent.
    `connect-src 'self' https: http://localhost:* http://127.0.0.1:* ${edge}`,
    "style-src 'self'",
    "img-src 'self' https: data:",
    "frame-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${POLICIES}`,
  ]
    .join('; ')
    .replaceAll(' ;', ';')

/**
 * HTML of a page for its place. `edge` is an origin, `/` for the page's own, or `.` where the widget lies beside the page
 * and nobody answers: there the preview shows its looks alone.
 */
export const placed = (html: string, edge: string): string =>
  html.replaceAll('%EDGE%', edge).replaceAll('%POLICY%', policyOf(/^https?:/.test(edge) ? edge : ''))
