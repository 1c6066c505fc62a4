/** Portuguese (Português). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'pt',
  launcher: 'Conversar',
  title: 'Conversa com {name}',
  online: 'Normalmente responde logo',
  greeting: 'Olá! Como posso ajudar?',
  placeholder: 'Escreva uma mensagem…',
  message: 'A sua mensagem',
  send: 'Enviar',
  close: 'Fechar a conversa',
  typing: '{name} está a escrever',
  failed: 'Não enviada',
  offline: 'Parece estar sem ligação.',
  timeout: 'Não houve resposta a tempo.',
  unsure: 'Pode ter chegado, não há certeza. Enviar de novo?',
  busy: 'Muitos pedidos agora. Tentamos de novo às {time}.',
  unavailable: 'A conversa não está acessível neste momento.',
  maintenance: 'A conversa está fechada por pouco tempo.',
  challenge: 'Confirme que é uma pessoa.',
  partial: 'Uma parte da conversa não pôde ser carregada.',
  retry: 'Tentar de novo',
  powered: 'Com tecnologia',
  log: 'Diálogo',
  suggestions: 'Sugestões',
} satisfies Strings
