/** Hindi (हिन्दी). The words of the first chat. */
import type { Strings } from '../chunk-api/strings.ts'

export default {
  code: 'hi',
  launcher: 'चैट',
  title: '{name} से चैट',
  online: 'आम तौर पर तुरंत जवाब',
  greeting: 'नमस्ते! हम आपकी क्या मदद करें?',
  placeholder: 'संदेश लिखें…',
  message: 'आपका संदेश',
  send: 'भेजें',
  close: 'चैट बंद करें',
  typing: '{name} लिख रहे हैं',
  failed: 'नहीं भेजा गया',
  offline: 'लगता है आप ऑफ़लाइन हैं।',
  timeout: 'समय पर जवाब नहीं मिला।',
  unsure: 'शायद संदेश पहुँच गया है, पक्का पता नहीं। फिर से भेजें?',
  busy: 'अभी बहुत अनुरोध हैं। {time} बजे फिर कोशिश होगी।',
  unavailable: 'चैट से अभी संपर्क नहीं हो पा रहा है।',
  maintenance: 'चैट थोड़ी देर के लिए बंद है।',
  challenge: 'कृपया पुष्टि करें कि आप रोबोट नहीं हैं।',
  partial: 'चैट का एक हिस्सा लोड नहीं हो सका।',
  retry: 'फिर भेजें',
  powered: 'प्रस्तुति:',
  log: 'बातचीत',
  suggestions: 'सुझाव',
} satisfies Strings
