/** Korean (한국어). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'ko',
  launcher: '채팅',
  title: '{name}님과 채팅',
  online: '보통 바로 답변합니다',
  greeting: '안녕하세요! 무엇을 도와드릴까요?',
  placeholder: '메시지를 입력하세요…',
  message: '메시지',
  send: '보내기',
  close: '채팅 닫기',
  typing: '{name}님이 입력 중입니다',
  failed: '전송되지 않음',
  offline: '오프라인 상태인 것 같습니다.',
  timeout: '제때 답변이 오지 않았습니다.',
  unsure: '전송되었는지 확인할 수 없습니다. 다시 보내시겠습니까?',
  busy: '지금 요청이 많습니다. {time}에 다시 시도합니다.',
  unavailable: '지금은 채팅에 연결할 수 없습니다.',
  maintenance: '채팅이 잠시 닫혀 있습니다.',
  challenge: '로봇이 아님을 확인해 주세요.',
  partial: '채팅의 일부를 불러오지 못했습니다.',
  retry: '다시 보내기',
  powered: '제공:',
  log: '대화',
  suggestions: '추천',
} satisfies Strings
