/** The defences of the widget, against what is drawn in it and against the page around it. */
import type { Mutant } from './mutant.ts'

const MARKUP = 'HTML or script in a reply, an action or the config'
const HOST = 'a hostile or clumsy host page'

const hostile = (defence: string, file: string, find: string, instead: string): Mutant => ({
  threat: HOST,
  defence,
  file: `widget/${file}`,
  find,
  instead,
  project: 'e2e',
  test: 'test/e2e/hostile.test.ts',
})

export const PAGE_MUTANTS: readonly Mutant[] = [
  {
    threat: MARKUP,
    defence: 'addresses pass an allow-list',
    file: 'widget/panel/url.ts',
    find: 'return ALLOWED.test(url.protocol) ? url.href : undefined',
    instead: 'return url.href',
    project: 'widget',
    test: 'test/widget/markdown.test.tsx',
  },
  hostile('two tags are one widget', 'launcher/index.ts', 'if (!window[STARTED])', 'if (STARTED)'),
  hostile('an image does not hide the tag', 'launcher/index.ts', 'own instanceof HTMLScriptElement ? own :', 'own ??'),
  hostile(
    'a body that is swapped gets its widget back',
    'launcher/widget.ts',
    'host.isConnected || show()',
    'host.isConnected',
  ),
  hostile("the page's styles stay outside", 'launcher/styles.css', 'all: initial !important;', ''),
  hostile(
    'storage may throw',
    'client/storage.ts',
    "return JSON.parse(area().getItem(prefix + name) ?? 'null')\n      } catch {\n        return null",
    "return JSON.parse(area().getItem(prefix + name) ?? 'null')\n      } catch (error) {\n        throw error",
  ),
  hostile(
    'a chunk that was blocked is asked for again',
    'chunk-api/chunks.ts',
    '.catch(() => import(`${url}?${Math.random()}`))',
    '',
  ),
]
