/** Resets the sandbox before each test file, including faults that the file before had planned. */
import { beforeAll, inject } from 'vitest'

beforeAll(async () => {
  await fetch(`${inject('stack').sandbox}/__sandbox/reset`, { method: 'POST' })
})
