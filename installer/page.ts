/** The installer's files, with what differs between its places: the demo shop, a tenant's edge, the documentation site. */

/** Names of Trusted Types policies: the page's own, and the widget's for a challenge. */
const POLICIES = 'caty-installer caty-keyless'

/** The policy of both pages. `edge` is the origin that the preview loads the widget from, if it is another one. */
export const policyOf = (edge: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${edge}`,
    // The page may ask any typed address whether it is an edge; it sends nothing else.
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
 * The HTML of a page for its place. `edge` is an origin, `/` for the page's own origin, or `.` where the widget's
 * files lie beside the page without an edge: there the preview shows the looks only.
 */
export const placed = (html: string, edge: string): string =>
  html.replaceAll('%EDGE%', edge).replaceAll('%POLICY%', policyOf(/^https?:/.test(edge) ? edge : ''))
