/** Japanese (日本語). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'ja',
  launcher: 'チャット',
  title: '{name}とのチャット',
  online: '通常すぐに返信します',
  greeting: 'こんにちは。ご用件をお聞かせください。',
  placeholder: 'メッセージを入力…',
  message: 'メッセージ',
  send: '送信',
  close: 'チャットを閉じる',
  typing: '{name}が入力中です',
  failed: '未送信',
  offline: 'オフラインのようです。',
  timeout: '時間内に返信がありませんでした。',
  unsure: '届いたかどうか確認できません。もう一度送信しますか。',
  busy: 'ただいま混み合っています。{time} に再送します。',
  unavailable: '現在チャットに接続できません。',
  maintenance: 'チャットは一時的に休止しています。',
  challenge: 'ロボットではないことを確認してください。',
  partial: 'チャットの一部を読み込めませんでした。',
  retry: '再送',
  powered: '提供：',
  log: '会話',
  suggestions: '候補',
} satisfies Strings
