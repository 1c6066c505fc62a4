/** German (Deutsch). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'de',
  launcher: 'Chat',
  title: 'Chat mit {name}',
  online: 'Antwortet meist sofort',
  greeting: 'Hallo! Wie kann ich Ihnen helfen?',
  placeholder: 'Nachricht schreiben …',
  message: 'Ihre Nachricht',
  send: 'Senden',
  close: 'Chat schließen',
  typing: '{name} schreibt',
  failed: 'Nicht gesendet',
  offline: 'Sie scheinen offline zu sein.',
  timeout: 'Keine rechtzeitige Antwort.',
  unsure: 'Vielleicht ist das angekommen, niemand weiß es. Noch einmal senden?',
  busy: 'Gerade viel los. Nächster Versuch um {time}.',
  unavailable: 'Der Chat ist zurzeit nicht erreichbar.',
  maintenance: 'Der Chat ist für kurze Zeit geschlossen.',
  challenge: 'Bitte bestätigen Sie, dass Sie ein Mensch sind.',
  partial: 'Ein Teil des Chats konnte nicht geladen werden.',
  retry: 'Erneut senden',
  powered: 'Bereitgestellt von',
  log: 'Unterhaltung',
  suggestions: 'Vorschläge',
} satisfies Strings
