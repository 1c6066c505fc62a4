/** Command lines as people type them, each with its exit code and sentence. Two valid tenants exist: acme and bakery. */
export const KEY = 'caty_0123456789abcdef0123456789abcdef'
export const ENVIRONMENT = { SAME_KEY: KEY, NO_KEY: 'not-a-key', TWO_WORDS: 'two words', EMPTY: '' }

export type TypedRow = [typed: string, code: number, says: string]

export const TYPED: readonly { about: string; rows: readonly TypedRow[] }[] = [
  {
    about: 'commands',
    rows: [
      ['deplou acme', 2, 'There is no command deplou: did you mean deploy?'],
      ['chek', 2, 'There is no command chek: did you mean check?'],
      ['tenants', 2, 'There is no command tenants: npm run tenant -- --help lists all of them.'],
      ['nwe acme', 2, 'There is no command nwe: did you mean new?'],
      ['Deploy acme', 2, 'There is no command Deploy: did you mean deploy?'],
      ['acme', 2, 'There is no command acme: npm run tenant -- --help lists all of them.'],
      ['--json list', 2, 'Put --json after the command, as in npm run tenant -- list --json.'],
      ['--all check', 2, 'Put --all after the command, as in npm run tenant -- check --all.'],
      ['--versoin', 2, 'There is no option --versoin: did you mean --version?'],
    ],
  },
  {
    about: 'options',
    rows: [
      ['check --everything', 2, 'There is no option --everything: npm run tenant -- check --help lists every option.'],
      ['check acme --origins https://acme.example', 2, 'check takes no --origins: that is an option of new.'],
      ['check --all=yes', 2, '--all takes no value: write --all alone.'],
      ['check --al', 2, 'There is no option --al: did you mean --all?'],
      ['deploy acme --dryrun', 2, 'There is no option --dryrun: did you mean --dry-run?'],
      ['deploy acme --dry-run=1', 2, '--dry-run takes no value: write --dry-run alone.'],
      ['new acme2 --originz https://a.example', 2, 'There is no option --originz: did you mean --origins?'],
      ['new acme2 --origin https://a.example', 2, 'There is no option --origin: did you mean --origins?'],
      ['new acme2 --origins', 2, '--origins needs a value: npm run tenant -- new --help says which.'],
      [
        'new acme2 --origins --domain chat.a.example',
        2,
        '--origins needs a value before --domain: npm run tenant -- new --help says which.',
      ],
      ['list --fix', 2, 'list takes no --fix: that is an option of check.'],
      [
        'rotate acme TOKEN_SECRETS --force',
        2,
        'There is no option --force: npm run tenant -- rotate --help lists every option.',
      ],
      ['remove acme --force', 2, 'There is no option --force: npm run tenant -- remove --help lists every option.'],
      [
        'rollback acme --version 1',
        2,
        'There is no option --version: npm run tenant -- rollback --help lists every option.',
      ],
      ['check acme bakery', 2, 'check takes one name: leave “bakery” out, or put quotes around a value with spaces.'],
      ['deploy acme bakery', 2, 'deploy takes one name: leave “bakery” out, or put quotes around a value with spaces.'],
      ['check acme --all', 2, 'check takes a name or --all, not both.'],
      ['list acme', 2, 'list takes no name: leave “acme” out.'],
      [
        'remove acme bakery --yes',
        2,
        'remove takes one name: leave “bakery” out, or put quotes around a value with spaces.',
      ],
      ['deploy acme --json --no-docter', 2, 'There is no option --no-docter: did you mean --no-doctor?'],
      ['check -x', 2, 'There is no option -x: npm run tenant -- check --help lists every option.'],
    ],
  },
  {
    about: 'names',
    rows: [
      ['deploy acmee', 1, 'There is no tenant acmee: did you mean acme?'],
      ['deploy bakry --dry-run', 1, 'There is no tenant bakry: did you mean bakery?'],
      ['check nobody', 1, 'There is no tenant nobody: there are acme and bakery.'],
      ['rotate nobody TOKEN_SECRETS', 1, 'There is no tenant nobody: there are acme and bakery.'],
      ['rollback nobody', 1, 'There is no tenant nobody: there are acme and bakery.'],
      ['remove nobody --yes', 1, 'There is no tenant nobody: there are acme and bakery.'],
      ['rollout nobody', 1, 'There is no tenant nobody: there are acme and bakery.'],
      ['deploy', 2, 'Name the tenant, as in npm run tenant -- deploy acme: there are acme and bakery.'],
      ['rollout', 2, 'Name the tenant, as in npm run tenant -- rollout acme: there are acme and bakery.'],
      ['rollback', 2, 'Name the tenant, as in npm run tenant -- rollback acme: there are acme and bakery.'],
      ['remove --yes', 2, 'Name the tenant, as in npm run tenant -- remove acme: there are acme and bakery.'],
      ['rotate', 2, 'Name the tenant, as in npm run tenant -- rotate acme: there are acme and bakery.'],
      ['new', 2, 'Name the tenant, as in npm run tenant -- new acme --origins https://acme.example.'],
      ['new acme', 1, 'The tenant acme is there already: edit tenants/acme/wrangler.jsonc, or choose another name.'],
      [
        'new Acme --origins https://a.example',
        2,
        '“Acme” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in acme.',
      ],
      [
        'new Acme.example --origins https://a.example',
        2,
        '“Acme.example” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in acme.',
      ],
      [
        'new https://www.shop.example --origins https://a.example',
        2,
        '“https://www.shop.example” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in shop.',
      ],
      [
        "new 'my shop' --origins https://a.example",
        2,
        '“my shop” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in my-shop.',
      ],
      [
        'new a --origins https://a.example',
        2,
        '“a” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter.',
      ],
      [
        'new shop--two --origins https://a.example',
        2,
        '“shop--two” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in shop-two.',
      ],
      [
        'new ../shop --origins https://a.example',
        2,
        '“../shop” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in shop.',
      ],
      [
        'new 2shops --origins https://a.example',
        2,
        '“2shops” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in shops.',
      ],
      [
        'new shop_two --origins https://a.example',
        2,
        '“shop_two” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in shop-two.',
      ],
      [
        'new a-name-that-is-much-longer-than-forty-letters-are --origins https://a.example',
        2,
        '“a-name-that-is-much-longer-than-forty-letters-are” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in a-name-that-is-much-longer-than-forty-le.',
      ],
      [
        'deploy ../acme',
        2,
        '“../acme” is not a tenant name: use 2 to 40 lower-case letters, digits and single hyphens, beginning with a letter, as in acme.',
      ],
    ],
  },
  {
    about: 'origins',
    rows: [
      [
        'new shop',
        2,
        'Say which pages carry the widget, as in npm run tenant -- new shop --origins https://acme.example.',
      ],
      [
        "new shop --origins ''",
        2,
        '--origins is empty: list the origins of the pages that carry the widget, comma separated.',
      ],
      [
        'new shop --origins shop.example',
        2,
        '--origins entry “shop.example” needs a scheme: write https://shop.example.',
      ],
      [
        'new shop --origins www.shop.example,https://shop.example',
        2,
        '--origins entry “www.shop.example” needs a scheme: write https://www.shop.example.',
      ],
      [
        'new shop --origins https://shop.example/products',
        2,
        '--origins entry “https://shop.example/products” is more than an origin: write https://shop.example.',
      ],
      [
        'new shop --origins http://shop.example',
        2,
        '--origins entry “http://shop.example” is plain HTTP, where browsers give pages no key pairs and the chat does not work: write https://shop.example, or add --set DPOP=optional.',
      ],
      [
        'new shop --origins https://shop.example,http://www.shop.example',
        2,
        '--origins entry “http://www.shop.example” is plain HTTP, where browsers give pages no key pairs and the chat does not work: write https://www.shop.example, or add --set DPOP=optional.',
      ],
      // A password is not repeated.
      ['new shop --origins https://user:pw@shop.example', 2, '--origins entry 1 may not hold a user name or password.'],
      ['new shop --origins http://user:pw@shop.example', 2, '--origins entry 1 may not hold a user name or password.'],
      ["new shop --origins '*'", 2, '--origins entry “*” may not be *: list the origins of your pages.'],
      [
        'new shop --origins https://*',
        2,
        '--origins entry “https://*” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
      ],
      [
        'new shop --origins https://shop.*.example',
        2,
        '--origins entry “https://shop.*.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
      ],
      [
        'new shop --origins https://shop-*.shop.example',
        2,
        '--origins entry “https://shop-*.shop.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
      ],
      [
        'new shop --origins http://*.shop.example',
        2,
        '--origins entry “http://*.shop.example” may use a star only as the whole leftmost label of an https origin, as in https://*.example.com.',
      ],
      [
        'new shop --origins https://*.co.uk',
        2,
        '--origins entry “https://*.co.uk” would allow every site under co.uk, where anybody can register a name.',
      ],
      [
        'new shop --origins https://*.kobe.jp',
        2,
        '--origins entry “https://*.kobe.jp” would allow every site under kobe.jp, where anybody can register a name.',
      ],
      [
        'new shop --origins https://*.github.io',
        2,
        '--origins entry “https://*.github.io” would allow every site under github.io, where anybody can register a name.',
      ],
      [
        'new shop --origins null',
        2,
        '--origins entry “null” may not be null: sandboxed frames and files of any site send it.',
      ],
      [
        'new shop --origins file:///index.html',
        2,
        '--origins entry “file:///index.html” is a file, and files have no origin: list the address of your site.',
      ],
      [
        'new shop --origins https:/shop.example',
        2,
        '--origins entry “https:/shop.example” needs a scheme: write https://shop.example.',
      ],
      [
        'new shop --origins https://shop.example https://www.shop.example',
        2,
        'new does not know what to do with “https://www.shop.example”: put commas and no spaces between origins, as in --origins https://a.example,https://b.example.',
      ],
      ['new shop --origins https://user@shop.example', 2, '--origins entry 1 may not hold a user name or password.'],
      [
        'new shop --origins https://shop.example:99999',
        2,
        '--origins entry “https://shop.example:99999” is not a web address, such as https://shop.example.',
      ],
      ['new shop --origins shop', 2, '--origins entry “shop” needs a scheme: write https:// before the host name.'],
      [
        'new shop --origins ftp://shop.example',
        2,
        '--origins entry “ftp://shop.example” must start with https:// (or http://): a scheme of an app, such as capacitor://, proves nothing, because every app can send it.',
      ],
    ],
  },
  {
    about: 'other choices of a new tenant',
    rows: [
      [
        'new shop --origins https://shop.example --domain http://chat.shop.example',
        2,
        '--domain http://chat.shop.example must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
      ],
      [
        'new shop --origins https://shop.example --domain chat.shop.example:8443',
        2,
        '--domain chat.shop.example:8443 must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
      ],
      [
        'new shop --origins https://shop.example --domain chat.shop.example/edge',
        2,
        '--domain chat.shop.example/edge must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
      ],
      [
        "new shop --origins https://shop.example --domain '*.shop.example'",
        2,
        '--domain *.shop.example must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
      ],
      [
        'new shop --origins https://shop.example --domain shop.example',
        2,
        "--domain shop.example is the host of a page, and the Worker would take the page's place: choose another, as in chat.shop.example.",
      ],
      [
        'new shop --origins https://www.shop.example --domain www.shop.example',
        2,
        "--domain www.shop.example is the host of a page, and the Worker would take the page's place: choose another, as in chat.shop.example.",
      ],
      [
        'new shop --origins https://shop.example --domain chat',
        2,
        '--domain chat must be a host name alone, as in chat.example.com: no scheme, port, path or star.',
      ],
      [
        'new shop --origins https://shop.example --account Acme',
        2,
        '--account “Acme” is not the id of a Cloudflare account: it has 32 characters, 0 to 9 and a to f, and npx wrangler whoami shows it.',
      ],
      [
        'new shop --origins https://shop.example --account 89abcdef89abcdef',
        2,
        '--account “89abcdef89abcdef” is not the id of a Cloudflare account: it has 32 characters, 0 to 9 and a to f, and npx wrangler whoami shows it.',
      ],
      [
        "new shop --origins https://shop.example --widget 'a b'",
        2,
        '--widget must be letters, digits, - or _, at most 100 of them.',
      ],
      [
        'new shop --origins https://shop.example --widget wgt_a --widget wgt_a',
        2,
        '--widget wgt_a is given twice: name each widget once.',
      ],
      [
        "new shop --origins https://shop.example --widget wgt_a --widget 'b!'",
        2,
        '--widget “b!” must be letters, digits, - or _, at most 100 of them.',
      ],
      [
        'new shop --origins https://shop.example --admin https://project.supabase.co',
        2,
        '--admin needs --admin-origins, the origins of your dashboards, as in --admin-origins https://dashboard.acme.example.',
      ],
      [
        'new shop --origins https://shop.example --admin-origins https://dashboard.shop.example',
        2,
        '--admin-origins needs --admin, the Supabase project of your dashboards, as in --admin https://project.supabase.co.',
      ],
      [
        'new shop --origins https://shop.example --admin project.supabase.co --admin-origins https://dashboard.shop.example',
        2,
        '--admin must be an origin such as https://api.example.com, without path, query or user name.',
      ],
      [
        'new shop --origins https://shop.example --admin https://project.supabase.co --admin-origins dashboard.shop.example',
        2,
        '--admin-origins entry “dashboard.shop.example” needs a scheme: write https://dashboard.shop.example.',
      ],
      [
        'new shop --origins https://shop.example --webhook-target http://shop.example/events',
        2,
        '--webhook-target must be a URL that starts with https:// (http:// is for this machine only), without user name and fragment.',
      ],
      [
        'new shop --origins https://shop.example --webhook-target shop.example/events',
        2,
        '--webhook-target must be a URL that starts with https:// (http:// is for this machine only), without user name and fragment.',
      ],
      [
        'new shop --origins https://shop.example --set DPOP',
        2,
        '--set DPOP has no value: write --set NAME=value, as in --set MESSAGES_PER_DAY=500.',
      ],
      [
        'new shop --origins https://shop.example --set DPOPP=off',
        2,
        '--set DPOPP is no variable of the Worker: did you mean DPOP?',
      ],
      [
        'new shop --origins https://shop.example --set dpop=off',
        2,
        '--set dpop is no variable of the Worker: did you mean DPOP?',
      ],
      [
        'new shop --origins https://shop.example --set COLOUR=blue',
        2,
        '--set COLOUR is no variable of the Worker: docs/settings.md lists all of them.',
      ],
      [
        'new shop --origins https://shop.example --set DPOP=maybe',
        2,
        '--set DPOP must be one of required, optional, off.',
      ],
      [
        'new shop --origins https://shop.example --set TOKEN_TTL=5',
        2,
        '--set TOKEN_TTL must be a whole number from 30 to 3600.',
      ],
      [
        'new shop --origins https://shop.example --set TOKEN_TTL=5m',
        2,
        '--set TOKEN_TTL must be a whole number from 30 to 3600.',
      ],
      [
        'new shop --origins https://shop.example --set MESSAGES_PER_DAY=many',
        2,
        '--set MESSAGES_PER_DAY must be a whole number from 1 to 10000000.',
      ],
      [
        'new shop --origins https://shop.example --set MESSAGES_PER_DAY=',
        2,
        '--set MESSAGES_PER_DAY has no value: write --set NAME=value, as in --set MESSAGES_PER_DAY=500.',
      ],
      [
        'new shop --origins https://shop.example --set ALLOWED_ORIGINS=https://b.example',
        2,
        '--set ALLOWED_ORIGINS has an option of its own: use --origins.',
      ],
      [
        'new shop --origins https://shop.example --set TURNSTILE_SECRET=0x4AAA',
        2,
        '--set TURNSTILE_SECRET is a secret, and others can read a command line: put it into secrets.env.',
      ],
      [
        'new shop --origins https://shop.example --set CATY_API_URL=https://api.catyai.io/v1',
        2,
        '--set CATY_API_URL must be an origin such as https://api.example.com, without path, query or user name.',
      ],
      [
        'new shop --origins https://shop.example --set PUBLIC_URL=chat.shop.example',
        2,
        '--set PUBLIC_URL must be an origin such as https://api.example.com, without path, query or user name.',
      ],
      [
        'new shop --origins https://shop.example --set CATY_DIALECT=french',
        2,
        '--set CATY_DIALECT must be one of auto, documented, observed.',
      ],
      ['new shop --secrets-only', 1, 'There is no tenant shop: there are acme and bakery.'],
      [
        'new acme --secrets-only',
        1,
        'tenants/acme/secrets.env is there already: edit it, or change a secret with npm run tenant -- rotate acme.',
      ],
      [
        'new acme --secrets-only --origins https://acme.example',
        2,
        '--secrets-only writes secrets.env alone, and --origins is for wrangler.jsonc: leave one of them out.',
      ],
    ],
  },
  {
    about: 'secrets on a command line',
    rows: [
      [
        `new shop --origins https://shop.example --set CATY_API_KEY=${KEY}`,
        2,
        "A key of Caty stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.",
      ],
      [
        `new shop --origins https://shop.example --widget ${KEY}`,
        2,
        "A key of Caty stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.",
      ],
      [
        `rotate acme CATY_API_KEY ${KEY}`,
        2,
        "A key of Caty stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.",
      ],
      [
        'rotate acme WEBHOOK_TARGET_SECRET whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3',
        2,
        "A webhook secret stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.",
      ],
      [
        'rotate acme TOKEN_SECRETS k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
        2,
        "A token secret stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.",
      ],
    ],
  },
  {
    about: 'deploys, roll-outs and the way back',
    rows: [
      [
        'deploy acme --url chat.acme.example',
        2,
        '--url chat.acme.example is no https:// address: write --url https://chat.acme.example.',
      ],
      [
        'deploy acme --url ftp://chat.acme.example',
        2,
        '--url ftp://chat.acme.example is no https:// address: write --url https://chat.acme.example.',
      ],
      [
        "deploy acme --url 'my edge'",
        2,
        '--url my edge is no https:// address: write --url https://chat.acme.example.',
      ],
      ['deploy acme --outdir built', 2, '--outdir goes with --dry-run: a real deploy leaves no bundle.'],
      [
        'rollout acme --steps 50,10,100',
        2,
        '--steps 50,10,100 does not rise to 100: write percentages like --steps 10,50,100.',
      ],
      [
        'rollout acme --steps 10,50',
        2,
        '--steps 10,50 does not rise to 100: write percentages like --steps 10,50,100.',
      ],
      [
        'rollout acme --steps 10,50,110',
        2,
        '--steps 10,50,110 does not rise to 100: write percentages like --steps 10,50,100.',
      ],
      ['rollout acme --steps ten', 2, '--steps ten does not rise to 100: write percentages like --steps 10,50,100.'],
      [
        'rollout acme --steps 10-100',
        2,
        '--steps 10-100 does not rise to 100: write percentages like --steps 10,50,100.',
      ],
      ['rollout acme --wait long', 2, '--wait long is no number of seconds: write --wait 300.'],
      ['rollout acme --wait 5m', 2, '--wait 5m is no number of seconds: write --wait 300.'],
      ['rollout acme --outdir built', 2, 'rollout takes no --outdir: that is an option of deploy.'],
      [
        'rollback acme --to yesterday',
        2,
        '--to yesterday is not the id of a version: npx wrangler versions list shows them, as in --to 0f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a90.',
      ],
      [
        'rollback acme --to v1',
        2,
        '--to v1 is not the id of a version: npx wrangler versions list shows them, as in --to 0f5ae2a1-5b8e-4bd0-8a86-2f3d2c1b7a90.',
      ],
      ['remove acme', 2, 'remove takes the chat off every page of acme: add --yes if that is meant.'],
    ],
  },
  {
    about: 'rotations',
    rows: [
      [
        'rotate acme',
        2,
        'Name the secret, as in npm run tenant -- rotate acme TOKEN_SECRETS: it is TOKEN_SECRETS, WEBHOOK_TARGET_SECRET, CATY_API_KEY, CATY_API_KEYS, CATY_WEBHOOK_SECRETS, TURNSTILE_SECRET or SUPABASE_JWT_SECRET.',
      ],
      ['rotate acme TOKEN_SECRET', 2, 'TOKEN_SECRET is no secret that can be rotated: did you mean TOKEN_SECRETS?'],
      ['rotate acme CATY_KEY', 2, 'CATY_KEY is no secret that can be rotated: did you mean CATY_API_KEY?'],
      [
        'rotate acme DPOP',
        2,
        'DPOP is no secret that can be rotated: use TOKEN_SECRETS, WEBHOOK_TARGET_SECRET, CATY_API_KEY, CATY_API_KEYS, CATY_WEBHOOK_SECRETS, TURNSTILE_SECRET or SUPABASE_JWT_SECRET.',
      ],
      [
        'rotate acme CATY_API_KEY_NEXT',
        2,
        'CATY_API_KEY_NEXT is no secret that can be rotated: did you mean CATY_API_KEY?',
      ],
      ['rotate TOKEN_SECRETS', 2, 'Name the tenant, as in npm run tenant -- rotate acme: there are acme and bakery.'],
      [
        'rotate acme CATY_API_KEY',
        2,
        'Hand over the new CATY_API_KEY with --stdin or --from-env NAME: on a command line others could read it.',
      ],
      [
        'rotate acme CATY_API_KEY --from-env NO_SUCH_NAME',
        2,
        '--from-env NO_SUCH_NAME names a variable that the environment does not have.',
      ],
      [
        'rotate acme CATY_API_KEY --from-env NO_KEY',
        1,
        'The new value of CATY_API_KEY must be a key as Caty shows it: caty_ and at least 16 letters, digits or underscores, without spaces.',
      ],
      [
        'rotate acme CATY_API_KEY --from-env SAME_KEY',
        1,
        'The new value of CATY_API_KEY is the one that is there already: make a new one first.',
      ],
      [
        'rotate acme CATY_API_KEY --from-env TWO_WORDS',
        1,
        'The new value of CATY_API_KEY holds a space, a comma or a quote: paste the value alone.',
      ],
      ['rotate acme CATY_API_KEY --from-env EMPTY', 1, 'The new value of CATY_API_KEY is empty: nothing was changed.'],
      ['rotate acme CATY_API_KEY --stdin', 1, 'The new value of CATY_API_KEY is empty: nothing was changed.'],
      ['rotate acme CATY_API_KEY --stdin --from-env SAME_KEY', 2, 'Use --stdin or --from-env, not both.'],
      ['rotate acme TOKEN_SECRETS --stdin', 2, 'The new TOKEN_SECRETS is made here: leave --stdin out.'],
      ['rotate acme TOKEN_SECRETS --from-env SAME_KEY', 2, 'The new TOKEN_SECRETS is made here: leave --from-env out.'],
      [
        'rotate acme TURNSTILE_SECRET --stdin',
        1,
        'TURNSTILE_SECRET is not set in secrets.env: put it there and deploy; there is nothing to rotate yet.',
      ],
      [
        'rotate acme CATY_API_KEY --widget wgt_a',
        2,
        '--widget goes with CATY_API_KEYS: CATY_API_KEY is one value for all widgets.',
      ],
      [
        'rotate acme CATY_API_KEY --purpose chat',
        2,
        '--purpose goes with CATY_API_KEYS: CATY_API_KEY is one value for all widgets.',
      ],
      ['rotate bakery CATY_API_KEYS', 2, 'Say whose key it is with --widget: it is wgt_a or wgt_b.'],
      ['rotate bakery CATY_API_KEYS --widget wgt_c', 2, 'CATY_API_KEYS has no widget wgt_c: it is wgt_a or wgt_b.'],
      ['rotate bakery CATY_API_KEYS --widget wgt_a --purpose chatt', 2, '--purpose chatt is none: did you mean chat?'],
      [
        'rotate bakery CATY_API_KEYS --widget wgt_a',
        2,
        'Hand over the new CATY_API_KEYS with --stdin or --from-env NAME: on a command line others could read it.',
      ],
    ],
  },
  {
    about: 'list and release',
    rows: [
      ['list --changed-since nonsense', 2, 'git does not know nonsense: fetch it first (in CI: fetch-depth: 0).'],
      [
        "list --changed-since '--output=x'",
        2,
        '--changed-since needs a value before --output=x: npm run tenant -- list --help says which.',
      ],
      ['list --changed-since', 2, '--changed-since needs a value: npm run tenant -- list --help says which.'],
      ['release --from', 2, '--from needs a value: npm run tenant -- release --help says which.'],
      ['release --form https://chat.acme.example', 2, 'There is no option --form: did you mean --from?'],
    ],
  },
]
