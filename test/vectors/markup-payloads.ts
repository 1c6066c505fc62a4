/**
 * Attempts of a reply to become markup or script, written for this project, by kind: tags, attributes, schemes and
 * encodings.
 */
const TAGS = [
  'script',
  'img src=x onerror=alert(1)',
  'svg onload=alert(1)',
  'iframe srcdoc=x',
  'object data=x',
  'embed src=x',
  'base href=//x',
  'link rel=stylesheet href=//x',
  'style',
  'form action=//x',
  'input autofocus onfocus=alert(1)',
  'video src=x onerror=alert(1)',
  'math',
  'template',
  'details open ontoggle=alert(1)',
  'a href=javascript:alert(1)',
  'meta http-equiv=refresh content=0',
  'body onload=alert(1)',
]
const SCHEMES = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'javascript&#58;alert(1)',
  'data:text/html,x',
  'data:image/svg+xml,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:x',
  'filesystem:x',
  'view-source:x',
  'javascript://x%0aalert(1)',
  'jar:x',
  'about:blank',
  'intent:x',
  'ws://x',
  'livescript:x',
  'mhtml:x',
  'chrome://settings',
  '%6Aavascript:alert(1)',
  'javascript\\u003aalert(1)',
]
/** Products as the text of a reply may contain them. */
const PRODUCTS = [
  { name: '<img src=x onerror=alert(1)>', url: 'https://a.example' },
  { name: 'x', url: 'javascript:alert(1)' },
  { name: 'x', image: 'javascript:alert(1)' },
  { name: 'x', image: 'data:text/html,<script>alert(1)</script>' },
  { name: 'x', image: 'x" onerror="alert(1)' },
  { name: 'x', badge_promo: '<svg onload=alert(1)>' },
  { name: 'x', price: '<b onmouseover=alert(1)>1</b>' },
]

/** Values that try to break out of a colour or a size. */
export const STYLE_PAYLOADS: readonly string[] = [
  'red;background:url(//evil.example/x)',
  'red}*{display:none}',
  'expression(alert(1))',
  'url(javascript:alert(1))',
  '</style><script>alert(1)</script>',
  'var(--x,url(//evil.example/x))',
  'red/**/;position:fixed',
  '#fff" onload="alert(1)',
  'image-set(url(//evil.example/x) 1x)',
  '\\75rl(//evil.example/x)',
]

export const PAYLOADS: readonly string[] = [
  ...TAGS.flatMap((tag) => [
    `<${tag}>`,
    `<${tag}>x</${tag.split(' ')[0]}>`,
    `**<${tag}>**`,
    `[<${tag}>](https://a.example)`,
    `\`<${tag}>\``,
  ]),
  ...SCHEMES.flatMap((scheme) => [
    `[x](${scheme})`,
    `[x](<${scheme}>)`,
    `![x](${scheme})`,
    `${scheme}`,
    `**[x](${scheme})**`,
  ]),
  '[x](https://a.example"onmouseover="alert(1))',
  "[x](https://a.example'onmouseover='alert(1))",
  '[x](//evil.example)',
  '[a](https://b.example)](javascript:alert(1))',
  '[[x](javascript:alert(1))](https://a.example)',
  ...PRODUCTS.map((product) => `[PRODUCT:${JSON.stringify(product)}]`),
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '\u202e<script>',
]
