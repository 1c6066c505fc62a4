/** How the search reads words: one spelling, one stem, and synonyms. The index and the query share this code. */
import { stemmer } from 'stemmer'

/** Words of a question that say nothing about its subject. */
const SILENT = new Set(
  `a about all am an and any are as at be been but by can cannot could did do does for from get gets had has have he her
  how i if in into is it its just like make me my no not of on or our please should so some than that the their them
  then there they this to too up us use was we what when where which who why will with would you your s t re ve ll don
  doesn isn won cant dont doesnt isnt wont want need caty keyless`.split(/\s+/),
)

/** Spellings with several words or a hyphen that count as one word. */
const JOINED: readonly [RegExp, string][] = [
  [/\be-(mail|commerce)/g, 'e$1'],
  [/\b(?:google[ -])?tag[ -]?manager\b/g, 'gtm'],
  [
    /\b(word)[ -](press)|\b(square)[ -](space)|\b(web)[ -](flow)|\b(sub)[ -](domain)|\b(work)[ -](flow)/g,
    '$1$2$3$4$5$6$7$8$9',
  ],
  [/\b(sign|log|roll|set|pop|white)[ -](in|out|up|back|label)(?=s?\b)/g, '$1$2'],
  [/\bdo not track\b/g, 'dnt'],
]

/** Synonyms in groups: each word of a group finds the others, ranked a little lower than itself. */
const SAME = `
  color farbe tint hue palette | look looks design appearance style styling theme css aussehen brand branding |
  cost price pricing fee bill billing money cheap expensive paid pay charge kosten preis plan |
  update upgrade updating newest latest aktualisieren |
  install setup installation begin start einrichten einbauen installieren |
  delete remove uninstall erase loschen deinstallieren | privacy gdpr dsgvo datenschutz ccpa |
  consent cookie cookies banner einwilligung cmp cookiebot usercentrics onetrust |
  phone mobile smartphone handy iphone android tablet touch | hide invisible hidden disappear ausblenden |
  show showing appear visible display anzeigen |
  broken work working wrong fail failing error problem bug kaputt funktioniert fehler |
  language translate translation locale sprache multilingual i18n | word text wording string label copy |
  key apikey token secret password credential | leak stolen hack hacked exposed compromised public |
  domain hostname url address subdomain | button launcher bubble icon |
  position corner left right place placement move | origin site website webseite |
  conversation chat history transcript | human person agent handoff operator mitarbeiter |
  lead contact form formular kontakt | appointment schedule booking book calendar termin |
  file upload attachment image picture photo anhang | limit quota throttle |
  log logging logs logfile monitor monitoring | analytics statistic statistics metric ga4 tracking |
  offline unreachable down | slow speed performance pagespeed lighthouse |
  screenreader wcag a11y accessibility barrierefrei keyboard | csp policy | staging environment | version release |
  rollback revert undo back | dashboard admin panel | user visitor customer kunde | login signin |
  webhook zapier make n8n integration callback | react vue angular svelte next nuxt framework npm package |
  wordpress woocommerce elementor divi plugin | shopify woocommerce shop store ecommerce |
  wix squarespace webflow builder framer jimdo | gtm gtag | spam bot abuse attack turnstile captcha recaptcha |
  greeting welcome proactive | sound notification ton | newsletter unsubscribe |
  docker container kubernetes selfhost selfhosted server vps | hour hours opening offnungszeiten availability |
  move migrate migration switch replace umzug | stop pause close off disable maintenance abschalten`

/** One spelling: no accents, American endings, then the stem of Porter's algorithm. */
export function stemOf(word: string): string {
  const plain = word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace('ß', 'ss')
    .replace(/(?<=[a-z]{2})our(?=(s|ed|ing|able)?$)/, 'or')
    .replace(/is(?=(e|es|ed|er|ing|ation|ations)$)/, 'iz')
    .replace(/ys(?=(e|es|ed|er|ing)$)/, 'yz')
    .replace(/tre(?=s?$)/, 'ter')
    .replace(/^(lic|def|off)ence/, '$1ense')
    .replace(/^grey/, 'gray')
  return stemmer(plain)
}

/** The words of a text in order; `origin_not_allowed` and `data-api-key` are split into their parts. */
export function wordsOf(text: string): string[] {
  const joined = JOINED.reduce((all, [pattern, to]) => all.replace(pattern, to), text.toLowerCase().normalize('NFC'))
  return joined.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

/** The stems that a question is about; all of them if nothing else is left. */
export function subjectOf(question: string): string[] {
  const words = wordsOf(question)
  const telling = words.filter((word) => !SILENT.has(word))
  return [...new Set((telling.length > 0 ? telling : words).map(stemOf))]
}

const groups = SAME.split('|').map((group) => group.trim().split(/\s+/).map(stemOf))

/** Other stems with the same meaning. */
export const synonymsOf = (stem: string): string[] => [
  ...new Set(
    groups
      .filter((group) => group.includes(stem))
      .flat()
      .filter((other) => other !== stem),
  ),
]
