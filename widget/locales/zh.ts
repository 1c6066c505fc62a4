/** Chinese (中文). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'zh',
  launcher: '聊天',
  title: '与{name}聊天',
  online: '通常会立即回复',
  greeting: '您好！有什么可以帮您？',
  placeholder: '输入消息…',
  message: '您的消息',
  send: '发送',
  close: '关闭聊天',
  typing: '{name}正在输入',
  failed: '未发送',
  offline: '您似乎处于离线状态。',
  timeout: '未能及时收到回复。',
  unsure: '无法确认消息是否已送达。要再发送一次吗？',
  busy: '当前较忙，将在 {time} 自动重试。',
  unavailable: '暂时无法连接聊天。',
  maintenance: '聊天暂时关闭。',
  challenge: '请确认您不是机器人。',
  partial: '聊天的一部分未能加载。',
  retry: '重试',
  powered: '技术支持：',
  log: '对话',
  suggestions: '建议',
} satisfies Strings
