/** Dutch (Nederlands). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'nl',
  launcher: 'Chatten',
  title: 'Chat met {name}',
  online: 'Antwoordt meestal meteen',
  greeting: 'Hallo! Waarmee kan ik u helpen?',
  placeholder: 'Schrijf een bericht…',
  message: 'Uw bericht',
  send: 'Versturen',
  close: 'Chat sluiten',
  typing: '{name} is aan het typen',
  failed: 'Niet verstuurd',
  offline: 'U lijkt offline te zijn.',
  timeout: 'Geen antwoord op tijd.',
  unsure: 'Dit is misschien aangekomen, zeker is het niet. Nog eens versturen?',
  busy: 'Het is druk. We proberen het opnieuw om {time}.',
  unavailable: 'De chat is nu niet bereikbaar.',
  maintenance: 'De chat is even gesloten.',
  challenge: 'Bevestig dat u een mens bent.',
  partial: 'Een deel van de chat kon niet worden geladen.',
  retry: 'Opnieuw',
  powered: 'Mogelijk gemaakt door',
  log: 'Gesprek',
  suggestions: 'Suggesties',
} satisfies Strings
