/**
 * Public suffixes that owners are likely to put behind a star. The whole Public Suffix List is larger than the rest of the
 * Worker (measured: see docs/decisions.md). The Worker knows every suffix of one label by rule and common longer ones by
 * name; the tools check against the whole list before a deploy.
 */
const SECOND_LEVEL = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gen',
  'go',
  'gob',
  'gov',
  'gv',
  'id',
  'ltd',
  'me',
  'mil',
  'ne',
  'net',
  'nom',
  'or',
  'org',
  'plc',
  'sch',
])

const HOSTING = new Set(
  `amazonaws.com appspot.com azurestaticapps.net azurewebsites.net b4a.run bitbucket.io blogspot.com cloudfront.net
   codeberg.page deno.dev edgeone.app firebaseapp.com fly.dev framer.app framer.website ghost.io github.io gitlab.io
   glitch.me herokuapp.com herokussl.com hubspotpagebuilder.com jimdosite.com lovable.app myshopify.com ngrok.app
   ngrok.io ngrok-free.app ngrok-free.dev netlify.app notion.site now.sh onrender.com pages.dev r2.dev railway.app
   render.com repl.co replit.app replit.dev run.app s3.amazonaws.com squarespace.com surge.sh trycloudflare.com
   up.railway.app vercel.app vercel.dev web.app webflow.io weebly.com wixsite.com wixstudio.com wordpress.com
   workers.dev wpengine.com wpenginepowered.com`.split(/\s+/),
)

/** True for `com`, `co.uk`, `github.io`: names below which anybody can register. Expects a lower-case host name. */
export function isPublicSuffix(host: string): boolean {
  const labels = host.split('.')
  const [first = '', last = ''] = labels
  if (labels.length === 1) return true
  if (HOSTING.has(host)) return true
  return labels.length === 2 && last.length === 2 && SECOND_LEVEL.has(first)
}
