/** Russian (Русский). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'ru',
  launcher: 'Чат',
  title: 'Чат: {name}',
  online: 'Обычно отвечает сразу',
  greeting: 'Здравствуйте! Чем могу помочь?',
  placeholder: 'Напишите сообщение…',
  message: 'Ваше сообщение',
  send: 'Отправить',
  close: 'Закрыть чат',
  typing: '{name} печатает',
  failed: 'Не отправлено',
  offline: 'Похоже, нет соединения.',
  timeout: 'Ответ не пришёл вовремя.',
  unsure: 'Возможно, сообщение дошло, но это неизвестно. Отправить ещё раз?',
  busy: 'Сейчас много обращений. Попробуем снова в {time}.',
  unavailable: 'Чат сейчас недоступен.',
  maintenance: 'Чат ненадолго закрыт.',
  challenge: 'Подтвердите, что вы не робот.',
  partial: 'Часть чата не загрузилась.',
  retry: 'Повторить',
  powered: 'На базе',
  log: 'Переписка',
  suggestions: 'Подсказки',
} satisfies Strings
