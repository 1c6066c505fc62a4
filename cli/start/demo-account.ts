/** What `sandbox/auth/sessions.ts` knows too: nobody imports the sandbox, it runs as a process of its own. */
export const DEMO_ACCOUNT = { email: 'owner@example.com', password: 'pottery-demo' }
export const STAND_IN_PORT = 8790
