/** The dependency rule: each way of breaking it is found. */
import { describe, expect, it } from 'vitest'
import { breachesIn } from '../../scripts/check-imports.ts'

describe('the dependency rule', () => {
  it.each([
    ['widget/launcher/a.ts', "import { x } from '../panel/x.ts'"],
    ['widget/launcher/a.ts', "const x = import('../panel/x.ts')"],
    ['widget/panel/a.ts', "import { x } from '../../edge/settings/index.ts'"],
    ['widget/panel/a.ts', "import { x } from '../../edge/contract/edge.ts'"],
    ['widget/panel/a.ts', "import type { X } from '../../edge/settings/index.ts'"],
    ['edge/caty/chat.ts', 'const key = secret.revealSecret()'],
    ['edge/a.ts', "export { x } from '../sandbox/x.ts'"],
    ['sandbox/a.ts', "import '../test/support/x.ts'"],
    ['widget/a.ts', "import { x } from '../scripts/x.ts'"],
  ])('%s may not say %s', (file, source) => {
    expect(breachesIn(file, source)).toHaveLength(1)
  })

  it.each([
    ['widget/launcher/a.ts', "import type { X } from '../panel/x.ts'"],
    ['widget/panel/a.ts', "import type { X } from '../../edge/contract/edge.ts'"],
    ['edge/caty/client.ts', 'const key = secret.revealSecret()'],
    ['cli/start.ts', "import { x } from '../edge/settings/index.ts'"],
    ['test/e2e/a.test.ts', "import { x } from '../../cli/x.ts'"],
  ])('%s may say %s', (file, source) => {
    expect(breachesIn(file, source)).toEqual([])
  })
})
