/** Romanian (Română). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'ro',
  launcher: 'Discută',
  title: 'Discuție cu {name}',
  online: 'De obicei răspunde imediat',
  greeting: 'Bună! Cu ce vă pot ajuta?',
  placeholder: 'Scrieți un mesaj…',
  message: 'Mesajul dumneavoastră',
  send: 'Trimite',
  close: 'Închide discuția',
  typing: '{name} scrie',
  failed: 'Netrimis',
  offline: 'Se pare că nu aveți conexiune.',
  timeout: 'Nu a venit un răspuns la timp.',
  unsure: 'Poate a ajuns, nu se știe sigur. Îl trimiteți din nou?',
  busy: 'Sunt multe cereri. Încercăm din nou la {time}.',
  unavailable: 'Discuția nu poate fi accesată acum.',
  maintenance: 'Discuția este închisă pentru scurt timp.',
  challenge: 'Confirmați că sunteți o persoană.',
  partial: 'O parte a discuției nu a putut fi încărcată.',
  retry: 'Reîncearcă',
  powered: 'Oferit de',
  log: 'Conversație',
  suggestions: 'Sugestii',
} satisfies Strings
