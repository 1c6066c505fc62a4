/** Each file of stories starts with a sandbox that remembers nothing, whatever faults the file before it had planned. */
import { beforeAll, inject } from 'vitest'

beforeAll(async () => {
  await fetch(`${inject('stack').sandbox}/__sandbox/reset`, { method: 'POST' })
})
