/**
 * The test projects: the widget in happy-dom, the edge in workerd with the project's own wrangler.toml, tools and
 * whole processes in Node, and the product in a real Chromium (e2e).
 */
import { env } from 'node:process'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { cssAsTextInVite } from './scripts/build/css-as-text.ts'
import { freePort } from './test/support/free-port.ts'
import { ADMIN_ORIGIN, DEMO_KEY, TEST_ORIGIN, TEST_TOKEN_SECRETS, TEST_WEBHOOKS } from './test/support/settings.ts'

/**
 * Milliseconds. Property tests and simulated days make thousands of calls, and processes start; only a test that
 * hangs waits this long.
 */
const PATIENT = { testTimeout: 60_000, hookTimeout: 60_000 }

/**
 * These tests rotate the keys of the stand-in for sign-in or open Caty's circuit breaker, which would affect files
 * that share a Worker.
 */
const ALONE = ['test/edge/admin-*.test.ts', 'test/edge/canary.test.ts', 'test/edge/fuzz.test.ts']

/** The edge in workerd. Files share a Worker, because starting one for each file would take longer than most files. */
async function edge(name: string, which: { include?: string[]; exclude?: string[]; isolate?: boolean }) {
  const sandboxPort = await freePort()
  const authPort = await freePort()
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: './wrangler.toml' },
        // The sources, so that a failure names their lines; test/processes and test/e2e run the built Worker.
        main: './edge/index.ts',
        miniflare: {
          bindings: {
            CATY_API_KEY: DEMO_KEY,
            CATY_API_URL: `http://127.0.0.1:${sandboxPort}`,
            TOKEN_SECRETS: TEST_TOKEN_SECRETS,
            ALLOWED_ORIGINS: TEST_ORIGIN,
            // The quota has its own tests; all others share the ledger of one tenant.
            MESSAGES_PER_MINUTE: '10000',
            MESSAGES_PER_DAY: '1000000',
            SUPABASE_URL: `http://127.0.0.1:${authPort}`,
            ADMIN_ORIGINS: ADMIN_ORIGIN,
            SANDBOX_URL: `http://127.0.0.1:${sandboxPort}`,
            ...TEST_WEBHOOKS,
            FUZZ_RUNS: env.FUZZ_RUNS ?? '3000',
            FUZZ_SEED: env.FUZZ_SEED ?? '1',
            // The sandbox records deliveries to this address, and refuses them unless a test plans otherwise.
            WEBHOOK_TARGET_URL: `http://127.0.0.1:${sandboxPort}/target`,
          },
          queueProducers: { WEBHOOKS: 'caty-keyless-webhooks' },
        },
      }),
    ],
    test: {
      name,
      include: ['test/edge/**/*.test.ts'],
      ...which,
      ...PATIENT,
      globalSetup: './test/support/sandbox-process.ts',
      provide: { sandboxPort, sandboxKey: DEMO_KEY, authPort },
    },
  }
}

export default defineConfig({
  test: {
    silent: 'passed-only',
    projects: [
      {
        test: { name: 'widget', environment: 'happy-dom', include: ['test/widget/**/*.test.{ts,tsx}'], ...PATIENT },
        plugins: [cssAsTextInVite],
        // JSX comes from tsconfig.json, as in the build, without the debugging code that Vite adds.
        oxc: { jsx: { development: false } },
      },
      {
        test: { name: 'tools', environment: 'node', include: ['test/{tools,cli}/**/*.test.ts'], ...PATIENT },
      },
      {
        test: {
          name: 'processes',
          environment: 'node',
          include: ['test/processes/**/*.test.ts'],
          ...PATIENT,
        },
      },
      await edge('edge', { exclude: ALONE, isolate: false }),
      await edge('edge-alone', { include: ALONE }),
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          // One stack of processes for the whole run; test files use it one after another.
          globalSetup: './test/support/stack.ts',
          setupFiles: './test/support/fresh-sandbox.ts',
          fileParallelism: false,
          // The default of one second is too short for a busy machine.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
