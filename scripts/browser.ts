/**
 * Finds a real Chromium: `CHROMIUM_PATH`, otherwise an installed Chrome or Chromium, otherwise the one of
 * `@sparticuz/chromium` (Linux), otherwise an error that says what to do. `CHROMIUM=registry` ignores an installed
 * browser.
 */
import { existsSync } from 'node:fs'
import { env, platform } from 'node:process'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED: Readonly<Record<string, readonly string[]>> = {
  linux: [
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:/Program Files/Google/Chrome/Application/chrome.exe',
    'C:/Program Files (x86)/Google/Chrome/Application/chrome.exe',
  ],
}

/**
 * `--no-sandbox`: containers and CI run as root, where Chromium's sandbox does not start. The other options keep the
 * browser from calling its maker, which floods the log with failed look-ups on a machine without a network.
 */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
]

type Found = { executablePath: string; env?: Record<string, string> }

/** Starts a browser. Throws with a sentence if the machine has none. */
export async function launchBrowser(): Promise<Browser> {
  const found = await findChromium()
  return chromium.launch({ ...found, args: ARGUMENTS, headless: true })
}

/** Whether it is the registry's browser, which draws the same on every machine. */
export const usesBundledBrowser = (): boolean =>
  !env.CHROMIUM_PATH && platform === 'linux' && installedBrowser() === undefined

/** `undefined` also if `CHROMIUM=registry` is set. Throws if `CHROMIUM` has any other value. */
function installedBrowser(): string | undefined {
  const { CHROMIUM: wanted = '' } = env
  if (wanted !== '' && wanted !== 'registry')
    throw new Error(`CHROMIUM is "${wanted}"; it can be "registry". A browser's program goes into CHROMIUM_PATH.`)
  return wanted === 'registry' ? undefined : INSTALLED[platform]?.find((path) => existsSync(path))
}

async function findChromium(): Promise<Found> {
  const named = env.CHROMIUM_PATH
  if (named) {
    if (existsSync(named)) return { executablePath: named }
    throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file.`)
  }
  const installed = installedBrowser()
  if (installed) return { executablePath: installed }
  if (platform === 'linux') return bundled()
  throw new Error(
    env.CHROMIUM === 'registry'
      ? 'CHROMIUM=registry works on Linux only: leave it out, or set CHROMIUM_PATH to a program.'
      : 'No Chrome or Chromium was found: install one, or set CHROMIUM_PATH to its program.',
  )
}

/**
 * The registry's Chromium includes the libraries that a bare container lacks, but unpacks them only in Lambda's
 * environment. Its own arguments are not used, because they turn off web security and process isolation.
 */
async function bundled(): Promise<Found> {
  const before = env.LD_LIBRARY_PATH
  env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x'
  const { default: chromiumOfRegistry } = await import('@sparticuz/chromium')
  const executablePath = await chromiumOfRegistry.executablePath()
  const library = env.LD_LIBRARY_PATH ?? ''
  // Only the browser may load these libraries: child processes of Node would load them too.
  if (before === undefined) delete env.LD_LIBRARY_PATH
  else env.LD_LIBRARY_PATH = before
  const inherited = Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  return { executablePath, env: { ...inherited, LD_LIBRARY_PATH: library } }
}
