/** The layout of every page of the site. */
import type { Chapter } from '../pages.ts'

/** Nothing from elsewhere and nothing inline. The policy is in the page, because any server may serve the site. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

export type SitePage = { name: string; title: string; text: string; body: string; navigation: readonly Chapter[] }

/** A whole page. `body` is HTML; all other values are text. */
export function siteHtml({ name, title, text, body, navigation }: SitePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeHtml(text)}">
<title>${escapeHtml(name === 'index' ? 'Caty Keyless' : `${title} · Caty Keyless`)}</title>
<link rel="stylesheet" href="style.css">
<script defer src="site.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<a class="home" href="index.html">Caty Keyless</a>
<a href="installer/index.html">Installer</a>
<form class="search" role="search">
<input type="search" name="q" aria-label="Search the docs" placeholder="Search" autocomplete="off" aria-controls="found">
</form>
<p id="count" role="status" class="unseen"></p>
<ul id="found" hidden></ul>
</header>
<div class="columns">
<nav aria-label="Pages">
<details class="menu">
<summary>All pages</summary>
${navigation.map((chapter) => chapterHtml(chapter, name)).join('\n')}
</details>
</nav>
<main id="content">
${body}
</main>
</div>
<footer><p>MIT licensed. Not made by Caty.AI; made for its customers.</p></footer>
<p id="copied" role="status" class="unseen"></p>
</body>
</html>
`
}

function chapterHtml({ title, pages }: Chapter, current: string): string {
  const items = pages.map(
    ({ name, label }) =>
      `<li><a href="${name}.html"${name === current ? ' aria-current="page"' : ''}>${escapeHtml(label)}</a></li>`,
  )
  return `<details${pages.some(({ name }) => name === current) || current === 'index' ? ' open' : ''}><summary>${escapeHtml(title)}</summary>\n<ul>\n${items.join('\n')}\n</ul></details>`
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
