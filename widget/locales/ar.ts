/** Arabic (العربية). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'ar',
  launcher: 'محادثة',
  title: 'محادثة مع {name}',
  online: 'يرد عادةً على الفور',
  greeting: 'مرحبًا! كيف يمكنني مساعدتك؟',
  placeholder: 'اكتب رسالة…',
  message: 'رسالتك',
  send: 'إرسال',
  close: 'إغلاق المحادثة',
  typing: '{name} يكتب الآن',
  failed: 'لم تُرسل',
  offline: 'يبدو أنك غير متصل.',
  timeout: 'لم يصل رد في الوقت المناسب.',
  unsure: 'ربما وصلت الرسالة، ولا يمكن التأكد. هل تريد إرسالها مرة أخرى؟',
  busy: 'الطلبات كثيرة الآن. سنحاول مجددًا في {time}.',
  unavailable: 'لا يمكن الوصول إلى المحادثة الآن.',
  maintenance: 'المحادثة مغلقة لفترة قصيرة.',
  challenge: 'يرجى تأكيد أنك لست روبوتًا.',
  partial: 'تعذر تحميل جزء من المحادثة.',
  retry: 'إعادة المحاولة',
  powered: 'مدعوم من',
  log: 'سجل المحادثة',
  suggestions: 'اقتراحات',
} satisfies Strings
