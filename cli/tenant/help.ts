/** What `--help` says. One page holds all of it: nobody should have to look in two places. */
export const HELP = `npm run tenant -- <command> [name] [options]

A tenant is one Worker: one folder under tenants/ with what to deploy (tracked) and its secrets (ignored by git).

  new <name>       makes the two files
    --origins <list>        origins of the pages that carry the widget, comma separated
    --widget <id>           the widget id of the vendor's tag; given twice or more: one key each
    --domain <host>         the edge's own host name on a zone of yours; default: a workers.dev name
    --account <id>          the Cloudflare account, when your login has more than one
    --admin <url>           the Supabase project of your dashboards; with --admin-origins <list>
    --webhook-target <url>  your server that gets Caty's events; --webhooks takes them in without it
    --set <NAME=value>      any other variable of docs/settings.md
    --secrets-only          only the file of secrets, for a tenant that came by git
  check [name]     says what is missing or wrong, before anything is uploaded
    --all                   every tenant
    --fix                   writes wrangler.jsonc anew from this version's wrangler.toml, with your values
  deploy <name>    builds, uploads code and secrets together, waits for /health, asks the doctor, prints the tag
    --no-doctor, --outdir <folder> (of a dry run), --url <url> (where the edge is reached)
  rollout <name>   the same by parts of the traffic, with a way back at each; run again it goes on
    --steps 10,50,100, --wait <seconds between two, default 300>, --no-doctor, --url
  rollback <name>  everybody gets the version before; --to <version>
  rotate <name> <SECRET>  changes a secret so that no visitor notices; run again it goes on
    --stdin or --from-env <NAME>  the new value, where it is not made here
    --widget <id> --purpose <config|chat|lead|track>  whose key, for CATY_API_KEYS
    --leaked                the old value ends at once: docs/leaked-key.md
    --now                   does not wait for what a visitor would notice
  list             all tenants; --changed-since <commit> only those that a change concerns
  remove <name>    the Worker, its ledger and its files; --yes for scripts, --keep-files

Everywhere:
  --dry-run           shows the commands of wrangler and runs none that leaves this machine
  --json              one JSON object on stdout
  --without-secrets   leaves the deployed secrets as they are, for a machine without the file, as in CI
  --folder <path>     where the tenants are; default tenants/, or CATY_TENANTS in the environment
  --help

Exit codes: 0 done · 1 a file has to be changed · 2 wrong command line · 3 wrangler or Cloudflare failed ·
4 deployed and not well · 5 a rotation waits: run it again
`
