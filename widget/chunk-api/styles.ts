/** Stylesheets of the shadow root. Constructed sheets need no `style-src`, so no policy of a page blocks them. */
const sheets = new Map<string, CSSStyleSheet>()

/** Adds the stylesheet to the root. Adding it again, also after `destroy()`, changes nothing. */
export function addStyles(root: ShadowRoot, css: string): void {
  let sheet = sheets.get(css)
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    sheets.set(css, sheet)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
