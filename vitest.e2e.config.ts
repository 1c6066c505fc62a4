/** The whole product in a real Chromium. One stack of processes for the run; the stories share it one after the other. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'e2e',
    include: ['test/e2e/**/*.test.ts'],
    globalSetup: './test/support/stack.ts',
    setupFiles: './test/support/fresh-sandbox.ts',
    fileParallelism: false,
    // A busy machine takes its time; a second is the default.
    expect: { poll: { timeout: 20_000 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
