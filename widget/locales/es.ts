/** Spanish (Español). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'es',
  launcher: 'Chatear',
  title: 'Chat con {name}',
  online: 'Suele responder al momento',
  greeting: '¡Hola! ¿En qué puedo ayudarle?',
  placeholder: 'Escriba un mensaje…',
  message: 'Su mensaje',
  send: 'Enviar',
  close: 'Cerrar el chat',
  typing: '{name} está escribiendo',
  failed: 'No enviado',
  offline: 'Parece que no tiene conexión.',
  timeout: 'No hubo respuesta a tiempo.',
  unsure: 'Puede que haya llegado, no hay certeza. ¿Enviarlo de nuevo?',
  busy: 'Hay mucha actividad. Lo intentaremos de nuevo a las {time}.',
  unavailable: 'No se puede acceder al chat en este momento.',
  maintenance: 'El chat está cerrado por poco tiempo.',
  challenge: 'Confirme que es una persona, por favor.',
  partial: 'No se pudo cargar una parte del chat.',
  retry: 'Reintentar',
  powered: 'Con tecnología de',
  log: 'Conversación',
  suggestions: 'Sugerencias',
} satisfies Strings
