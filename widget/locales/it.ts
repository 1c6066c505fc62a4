/** Italian (Italiano). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'it',
  launcher: 'Chatta',
  title: 'Chat con {name}',
  online: 'Di solito risponde subito',
  greeting: 'Ciao! Come posso aiutarla?',
  placeholder: 'Scriva un messaggio…',
  message: 'Il suo messaggio',
  send: 'Invia',
  close: 'Chiudi la chat',
  typing: '{name} sta scrivendo',
  failed: 'Non inviato',
  offline: 'Sembra che lei sia offline.',
  timeout: 'Nessuna risposta in tempo.',
  unsure: 'Forse è arrivato, non è certo. Inviarlo di nuovo?',
  busy: 'Molte richieste al momento. Riproviamo alle {time}.',
  unavailable: 'La chat non è raggiungibile in questo momento.',
  maintenance: 'La chat è chiusa per poco tempo.',
  challenge: 'Confermi di essere una persona.',
  partial: 'Una parte della chat non è stata caricata.',
  retry: 'Riprova',
  powered: 'Offerto da',
  log: 'Conversazione',
  suggestions: 'Suggerimenti',
} satisfies Strings
