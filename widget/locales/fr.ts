/** French (Français). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'fr',
  launcher: 'Discuter',
  title: 'Discussion avec {name}',
  online: 'Répond en général tout de suite',
  greeting: 'Bonjour ! Comment puis-je vous aider ?',
  placeholder: 'Écrivez un message…',
  message: 'Votre message',
  send: 'Envoyer',
  close: 'Fermer la discussion',
  typing: '{name} écrit',
  failed: 'Non envoyé',
  offline: 'Vous semblez être hors ligne.',
  timeout: 'Pas de réponse à temps.',
  unsure: 'Ce message est peut-être arrivé, sans certitude. L’envoyer à nouveau ?',
  busy: 'Beaucoup de demandes. Nouvel essai à {time}.',
  unavailable: 'La discussion n’est pas joignable pour le moment.',
  maintenance: 'La discussion est fermée pour un court moment.',
  challenge: 'Veuillez confirmer que vous êtes humain.',
  partial: 'Une partie de la discussion n’a pas pu être chargée.',
  retry: 'Réessayer',
  powered: 'Propulsé par',
  log: 'Fil de discussion',
  suggestions: 'Réponses proposées',
} satisfies Strings
