/** The dependency rules find each way to break them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { breachesIn } from '../../scripts/check-imports.ts'

describe('the dependency rules refuse', () => {
  it.each([
    ['an upward import of the edge', 'edge/http/a.ts', "import { x } from '../settings/x.ts'"],
    ['an upward import of types', 'edge/base/a.ts', "import type { X } from '../token/x.ts'"],
    ['an import of the edge by its contract', 'edge/contract/a.ts', "import { x } from '../base/x.ts'"],
    ['an import of the route table', 'edge/api/a.ts', "import app from '../index.ts'"],
    ['an import between two outside systems', 'edge/caty/a.ts', "import type { X } from '../supabase/x.ts'"],
    ['a folder of the edge without a layer', 'edge/api/a.ts', "import { x } from '../helpers/x.ts'"],
    ['the panel in the launcher', 'widget/launcher/a.ts', "import { x } from '../panel/x.ts'"],
    ['the panel loaded by the launcher', 'widget/launcher/a.ts', "const x = import('../panel/x.ts')"],
    ['a chunk in the launcher', 'widget/launcher/a.ts', "import { x } from '../chunks/forms/x.ts'"],
    ['a chunk in the panel', 'widget/panel/a.ts', "export { x } from '../chunks/forms/x.ts'"],
    ['the edge in the widget', 'widget/panel/a.ts', "import { x } from '../../edge/contract/edge.ts'"],
    ['types of the edge but the contract', 'widget/panel/a.ts', "import type { X } from '../../edge/base/x.ts'"],
    ['the widget in the edge', 'edge/api/a.ts', "import type { X } from '../../widget/panel/x.ts'"],
    ['the sandbox', 'edge/index.ts', "export { x } from '../sandbox/x.ts'"],
    ['the tests', 'sandbox/a.ts', "import '../test/support/x.ts'"],
    ['the examples', 'cli/a.ts', "import { x } from '../examples/x.ts'"],
    ['the scripts', 'cli/a.ts', "import { x } from '../scripts/x.ts'"],
    ['the command line', 'sandbox/a.ts', "import { x } from '../cli/x.ts'"],
    ['a secret revealed elsewhere', 'edge/caty/chat.ts', 'const key = secret.revealSecret()'],
  ])('%s', (_rule, file, source) => {
    expect(breachesIn(file, source)).toHaveLength(1)
  })

  it('a cycle of imports in the edge, of types only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cycle-'))
    try {
      const { vcs: _vcs, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'))
      mkdirSync(join(folder, 'edge'))
      writeFileSync(join(folder, 'biome.json'), JSON.stringify(config))
      writeFileSync(join(folder, 'edge/a.ts'), "import type { B } from './b.ts'\n\nexport type A = B\n")
      writeFileSync(join(folder, 'edge/b.ts'), "import type { A } from './a.ts'\n\nexport type B = A | 1\n")
      const biome = join(process.cwd(), 'node_modules/@biomejs/biome/bin/biome')
      const { stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', '.'], { cwd: folder, encoding: 'utf8' })
      expect(stdout + stderr).toContain('noImportCycles')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

it.each([
  ['edge/api/a.ts', "import { x } from '../app/x.ts'"],
  ['edge/ledger/a.ts', "import { x } from '../outbox/x.ts'"],
  ['widget/launcher/a.ts', "import type { X } from '../panel/x.ts'"],
  ['widget/chunks/forms/a.ts', "import { x } from '../../panel/x.ts'"],
  ['widget/panel/a.ts', "import type { X } from '../../edge/contract/edge.ts'"],
  ['edge/caty/client.ts', 'const key = secret.revealSecret()'],
  ['cli/start/plan.ts', "import { x } from '../edge/settings/index.ts'"],
  ['scripts/a.ts', "import { x } from '../cli/x.ts'"],
  ['test/e2e/a.test.ts', "import { x } from '../../cli/x.ts'"],
])('the dependency rules allow in %s: %s', (file, source) => {
  expect(breachesIn(file, source)).toEqual([])
})

it('the sources follow the dependency rules', () => {
  expect(execFileSync(process.execPath, ['scripts/check-imports.ts'], { encoding: 'utf8' })).toContain('keep')
})
