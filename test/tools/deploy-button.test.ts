/**
 * The "Deploy to Cloudflare" button by Cloudflare's rules: it reads `wrangler.toml` for variables and bindings,
 * `.dev.vars.example` for secrets, and `package.json` for descriptions and the two commands. Owners who fill in the
 * fields must get a working Worker, since they may have no terminal to repair it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { parse as parseToml } from 'smol-toml'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../edge/settings/index.ts'
import { PAGES_WITH_ADDRESS, withAddress } from '../../scripts/address.ts'
import { INSTALLER_FILES } from '../../scripts/build/installer.ts'
import { manifest, repositoryUrl } from '../../scripts/manifest.ts'

const Named = v.array(v.looseObject({ name: v.string() }))
const Config = v.looseObject({
  name: v.string(),
  main: v.string(),
  compatibility_date: v.string(),
  vars: v.record(v.string(), v.string()),
  assets: v.looseObject({ binding: v.string(), directory: v.string() }),
  durable_objects: v.looseObject({ bindings: Named }),
  ratelimits: v.array(v.looseObject({ name: v.string(), namespace_id: v.pipe(v.string(), v.nonEmpty()) })),
  analytics_engine_datasets: v.array(v.looseObject({ binding: v.string(), dataset: v.pipe(v.string(), v.nonEmpty()) })),
})
const read = (file: string): string => readFileSync(file, 'utf8')
const config = v.parse(Config, parseToml(read('wrangler.toml')))
const secrets = parseEnv(read('.dev.vars.example'))
const { cloudflare, scripts, homepage, ...project } = manifest()
const described = cloudflare.bindings

/** The values of an owner who follows the descriptions. */
const TYPED = {
  CATY_API_KEY: 'caty_0123456789abcdef0123456789abcdef',
  TOKEN_SECRETS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
  ALLOWED_ORIGINS: 'https://www.example.com,https://example.com',
}

describe('the fields of the button', () => {
  it('are enough for a working Worker', () => {
    expect(parseSettings({ ...config.vars, ...secrets, ...TYPED })).toMatchObject({ ok: true })
  })

  it('include every setting without a default, and no other secret', () => {
    const needed = Object.keys(TYPED).filter((name) => {
      const parsed = parseSettings({ ...TYPED, [name]: '' })
      return !parsed.ok && parsed.problems.every(({ setting }) => setting === name)
    })
    expect(needed).toEqual(Object.keys(TYPED))
    expect([...Object.keys(secrets), 'ALLOWED_ORIGINS'].sort()).toEqual(needed.sort())
    expect(config.vars).toHaveProperty('ALLOWED_ORIGINS')
  })

  it('contain no ready-made secret that an owner could leave in', () => {
    expect(Object.values(secrets).filter((value) => value !== '')).toEqual([])
    const tracked = spawnSync('git', ['check-ignore', '--quiet', '--no-index', '.dev.vars.example'])
    expect(tracked.status, 'git ignores .dev.vars.example').not.toBe(0)
    expect(spawnSync('git', ['check-ignore', '--quiet', '--no-index', '.dev.vars']).status).toBe(0)
  })

  it('each have a description, and nothing else has one', () => {
    const bindings = [
      config.assets.binding,
      ...config.durable_objects.bindings.map(({ name }) => name),
      ...config.ratelimits.map(({ name }) => name),
      ...config.analytics_engine_datasets.map(({ binding }) => binding),
    ]
    const fields = [...Object.keys(config.vars), ...Object.keys(secrets), ...bindings]
    expect(Object.keys(described).sort()).toEqual(fields.sort())
  })

  it('link to the page of each value that Cloudflare cannot make', () => {
    expect(described.CATY_API_KEY?.description).toMatch(/Settings → API Keys/)
    const [, address = ''] = /\]\((\S+)\)/.exec(described.TOKEN_SECRETS?.description ?? '') ?? []
    expect(address.startsWith(`${homepage}installer/`)).toBe(true)
    expect(INSTALLER_FILES).toContain(address.slice(`${homepage}installer/`.length))
  })

  it('use only the Markdown that Cloudflare renders', () => {
    for (const { description } of Object.values(described))
      expect(description.replaceAll(/`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\(https:[^)]+\)/g, '')).not.toMatch(/[`*[\]<>]/)
  })
})

describe('what Cloudflare builds', () => {
  it('uses the commands in package.json, without questions and without a tool of ours', () => {
    expect(scripts.build).toBeTypeOf('string')
    expect(scripts.deploy).toBe('wrangler deploy')
    expect(existsSync(config.main)).toBe(true)
  })

  it('includes the installer, where owners without a terminal get the tag', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'caty-keyless-button-'))
    try {
      const { INSTALLER: _, ...env } = process.env
      const built = spawnSync(process.execPath, ['esbuild.config.mjs', outdir], { env: { ...env, WORKERS_CI: '1' } })
      expect(built.status, String(built.stderr)).toBe(0)
      expect(existsSync(join(outdir, 'assets/installer/index.html'))).toBe(true)
    } finally {
      rmSync(outdir, { recursive: true, force: true })
    }
  })

  it('comes from the root of a public GitHub repository', () => {
    expect(repositoryUrl({ ...project, cloudflare, scripts, homepage })).toMatch(
      /^https:\/\/github\.com\/[\w-]+\/[\w.-]+$/,
    )
  })

  it.each(PAGES_WITH_ADDRESS)('is the repository that the button of %s names', (page) => {
    const repository = repositoryUrl(manifest())
    const button = `[![Deploy to Cloudflare](https://deploy.workers.cloudflare.com/button)](https://deploy.workers.cloudflare.com/?url=${repository})`
    expect(read(page)).toContain(button)
    expect(withAddress(read(page), repository), 'run node scripts/address.ts').toBe(read(page))
    expect(withAddress(read(page), 'https://github.com/else/where')).not.toContain(repository)
  })
})
