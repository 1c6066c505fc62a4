/**
 * `npm run newcomer`: the way of docs/install.md by script, in a clean copy of the repository, without an account: how many
 * commands from the README to a tenant whose built Worker answers, and how long the machine makes one wait.
 * `--write` puts the figures into that page.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseSecrets, withSecrets } from '../cli/tenant/secrets-file.ts'
import { runWorker } from './workerd/run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const PAGE = join(root, 'docs/install.md')

type Step = { command: string; seconds: number }

/** Runs one command as it stands in the docs. Throws with what it said when it fails. */
function timed(folder: string, command: string): Step {
  const started = performance.now()
  const ran = spawnSync(command, { cwd: folder, shell: true, encoding: 'utf8' })
  if (ran.status !== 0) throw new Error(`${command} failed:\n${ran.stdout}${ran.stderr}`)
  return { command, seconds: (performance.now() - started) / 1000 }
}

async function walk(parent: string): Promise<Step[]> {
  const folder = join(parent, 'caty-keyless')
  const steps = [timed(parent, `git clone --quiet '${root}' caty-keyless`)]
  steps.push(timed(folder, 'npm ci'))
  steps.push(timed(folder, 'npm run tenant -- new acme --origins https://acme.example'))
  // What a person pastes.
  const path = join(folder, 'tenants/acme/secrets.env')
  const secrets = withSecrets(readFileSync(path, 'utf8'), { CATY_API_KEY: `caty_${randomBytes(16).toString('hex')}` })
  writeFileSync(path, secrets)
  steps.push(timed(folder, 'npm run tenant -- check acme'))
  steps.push(timed(folder, 'npm run tenant -- deploy acme --dry-run'))
  await refuseSilence(join(folder, '.tmp/tenants/acme/index.js'), parseSecrets(secrets).values, parent)
  return steps
}

/** The built Worker must answer: a newcomer is not done with a file. */
async function refuseSilence(bundle: string, secrets: Record<string, string>, parent: string): Promise<void> {
  const vars = { ...secrets, ALLOWED_ORIGINS: 'https://acme.example', CATY_API_URL: 'http://127.0.0.1:9' }
  const port = await freePort()
  const worker = await runWorker({ source: readFileSync(bundle, 'utf8'), port, vars, storage: join(parent, 'ledger') })
  const response = await fetch(`${worker.url}/health`)
  await worker.kill()
  if (!response.ok) throw new Error(`the built Worker answers ${response.status} to /health`)
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))))
    })
  })

const minutes = (seconds: number): string => (seconds / 60).toFixed(1)

function paragraph(steps: readonly Step[]): string {
  const all = steps.reduce((sum, { seconds }) => sum + seconds, 0)
  const install = steps.find(({ command }) => command === 'npm ci')?.seconds ?? 0
  return `\`npm run newcomer\` walks these steps in a clean copy of the repository by script, without an account, and times
them. On ${cpus().length} cores: ${steps.length} commands, ${minutes(all)} minutes of waiting for the machine, ${minutes(install)} of them for \`npm ci\`.`
}

async function main(write: boolean): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'caty-keyless-newcomer-'))
  try {
    const steps = await walk(parent)
    for (const { command, seconds } of steps)
      console.log(`${seconds.toFixed(1).padStart(7)} s  ${command.replace(root, '')}`)
    console.log(`\n${paragraph(steps)}`)
    if (!write) return
    const page = readFileSync(PAGE, 'utf8')
    writeFileSync(
      PAGE,
      page.replace(
        /(<!-- newcomer -->\n\n)[\s\S]*?(\n\n<!-- end -->)/,
        (_, start, end) => `${start}${paragraph(steps)}${end}`,
      ),
    )
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

if (execFileSync('git', ['-C', root, 'status', '--porcelain'], { encoding: 'utf8' }) !== '') {
  console.error('note: what is not committed is not in the copy')
}
await main(argv.includes('--write')).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  exit(1)
})
