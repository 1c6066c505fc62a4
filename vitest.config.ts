/**
 * The projects: the widget in happy-dom, the edge inside workerd with the project's own wrangler.toml, the tools and
 * whole processes in Node, and e2e, the product in a real Chromium.
 */
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { cssAsTextInVite } from './scripts/build/css-as-text.ts'
import { freePort } from './test/support/free-port.ts'
import { ADMIN_ORIGIN, DEMO_KEY, TEST_ORIGIN, TEST_TOKEN_SECRETS, TEST_WEBHOOKS } from './test/support/settings.ts'

/** Properties and simulated days are thousands of calls, and processes start; nothing waits for this long unless it hangs. */
const PATIENT = { testTimeout: 60_000, hookTimeout: 60_000 }

/** These turn the keys of the stand-in for sign-in, and Caty's breaker, which files that share a Worker would notice. */
const ALONE = ['test/edge/admin-*.test.ts', 'test/edge/canary.test.ts']

/** The edge inside workerd. A Worker for each file would be started for more time than most files take. */
async function edge(name: string, which: { include?: string[]; exclude?: string[]; isolate?: boolean }) {
  const sandboxPort = await freePort()
  const authPort = await freePort()
  return {
    plugins: [
      cloudflareTest({
        wrangler: { configPath: './wrangler.toml' },
        // The sources, so that a failure names their lines; the built Worker runs in the processes and the stories.
        main: './edge/index.ts',
        miniflare: {
          bindings: {
            CATY_API_KEY: DEMO_KEY,
            CATY_API_URL: `http://127.0.0.1:${sandboxPort}`,
            TOKEN_SECRETS: TEST_TOKEN_SECRETS,
            ALLOWED_ORIGINS: TEST_ORIGIN,
            // The budget has tests of its own; all others share the ledger of one tenant.
            MESSAGES_PER_MINUTE: '10000',
            CALLS_PER_MINUTE: '1000000',
            MESSAGES_PER_DAY: '1000000',
            SUPABASE_URL: `http://127.0.0.1:${authPort}`,
            ADMIN_ORIGINS: ADMIN_ORIGIN,
            SANDBOX_URL: `http://127.0.0.1:${sandboxPort}`,
            ...TEST_WEBHOOKS,
            // The sandbox writes down what comes here, and refuses it until a test plans otherwise.
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
        // JSX comes from tsconfig.json, for the tests as for the build; without what Vite adds for debuggers.
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
          // One stack of processes for the run; the stories share it one after the other.
          globalSetup: './test/support/stack.ts',
          setupFiles: './test/support/fresh-sandbox.ts',
          fileParallelism: false,
          // A busy machine takes its time; a second is the default.
          expect: { poll: { timeout: 20_000 } },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
