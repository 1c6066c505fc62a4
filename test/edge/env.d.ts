/** The bindings of the tests; see vitest.config.ts. */
declare namespace Cloudflare {
  interface Env {
    CATY_API_KEY: string
    CATY_API_URL: string
    TOKEN_SECRETS: string
    ALLOWED_ORIGINS: string
    SANDBOX_URL: string
    FUZZ_RUNS: string
    FUZZ_SEED: string
    SUPABASE_URL: string
    ADMIN_ORIGINS: string
    CATY_WEBHOOK_SECRETS: string
    WEBHOOK_TARGET_URL: string
    WEBHOOK_TARGET_SECRET: string
    WEBHOOKS: Queue<{ id: string }>
    LEDGER: DurableObjectNamespace<import('../../edge/ledger/index.ts').Ledger>
  }
  interface GlobalProps {
    mainModule: typeof import('../../edge/index.ts')
  }
}
