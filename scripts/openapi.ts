/**
 * `npm run openapi`: writes docs/openapi.json from the schemas that the Worker itself checks requests with, so the
 * description cannot promise what the edge would refuse. `--check` only compares the file and runs Redocly on it.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { argv, env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { execa } from 'execa'
import { CALLS, type Call, GROUPS, REFUSALS, REFUSALS_OF_A_BODY } from './openapi/calls.ts'
import { queryOf, reference, type SchemaName, schemas } from './openapi/schemas.ts'

type Json = Record<string, unknown>

const PATH = fileURLToPath(new URL('../docs/openapi.json', import.meta.url))

const content = (name: SchemaName, media = 'application/json'): Json => ({ [media]: { schema: reference(name) } })

function security({ group, scope }: Call): Json[] {
  if (group === 'admin') return [{ supabase: [] }]
  if (group === 'webhooks') return [{ catySignature: [] }]
  if (scope === undefined) return []
  return [{ dpop: [scope] }, ...(scope === 'config' || scope === 'track' ? [{ bearer: [scope] }] : [])]
}

const PATH_ID = {
  widget: { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: 'the session handle' },
  admin: { name: 'id', in: 'path', required: true, schema: reference('RecordId') },
}
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string' },
  description: 'a quoted string; the same key brings the same answer for ten minutes',
}

function operation(call: Call): Json {
  const { tag, refusals } = GROUPS[call.group]
  const byId = call.path.includes('{id}')
  const parameters = [
    ...(byId ? [call.group === 'widget' ? PATH_ID.widget : PATH_ID.admin] : []),
    ...(call.query ? queryOf(call.query) : []),
    ...(call.idempotent ? [IDEMPOTENCY_KEY] : []),
  ]
  const read = call.body && call.group !== 'token' && call.group !== 'webhooks' ? REFUSALS_OF_A_BODY : ''
  const refused = `${refusals} ${read} ${byId ? '404' : ''} ${call.refusals ?? ''}`.match(/\d+/g) ?? []
  const kind = call.group === 'token' ? 'TokenError' : 'Problem'
  const answer = reference(call.answer)
  const schema = call.forwarded ? { allOf: [reference('Success'), answer] } : answer
  return {
    operationId: call.id,
    tags: [tag],
    summary: call.summary,
    security: security(call),
    ...(parameters.length > 0 && { parameters }),
    ...(call.body && { requestBody: { required: true, content: content(call.body, call.media) } }),
    responses: {
      [call.status ?? '200']: { description: 'Done.', content: { 'application/json': { schema } } },
      ...Object.fromEntries(refused.map((status) => [status, { $ref: `#/components/responses/${kind}${status}` }])),
    },
  }
}

/** `components.responses` that are used: as RFC 6749 says for tokens, as RFC 9457 says for everything else. */
function refusalsIn(paths: Json): Json {
  const used = JSON.stringify(paths)
  const named = Object.entries(REFUSALS).flatMap(([status, description]) => [
    [`Problem${status}`, { description, content: content('Problem', 'application/problem+json') }] as const,
    [`TokenError${status}`, { description, content: content('TokenError') }] as const,
  ])
  return Object.fromEntries(named.filter(([name]) => used.includes(`/${name}"`)))
}

/** The whole description. */
export async function describe(): Promise<Json> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const paths: Record<string, Json> = {}
  for (const call of CALLS) paths[call.path] = { ...paths[call.path], [call.method.toLowerCase()]: operation(call) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Caty Keyless edge',
      version,
      summary: 'What a page may ask of a tenant’s Worker.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: 'https://{host}',
        description: 'Your Worker.',
        variables: { host: { default: 'chat.example.com', description: 'The host of your Worker.' } },
      },
    ],
    tags: Object.values(GROUPS).map(({ tag, says }) => ({ name: tag, description: says })),
    paths,
    components: {
      schemas: schemas(),
      responses: refusalsIn(paths),
      securitySchemes: {
        dpop: {
          type: 'http',
          scheme: 'dpop',
          description: 'A token bound to a key, and a proof of that key in the header DPoP (RFC 9449).',
        },
        bearer: { type: 'http', scheme: 'bearer', description: 'A token without a key: config and track only.' },
        supabase: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a Supabase session.',
        },
        catySignature: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Caty-Signature',
          description: 'The HMAC-SHA256 of the raw body in hex, bare or after `sha256=`.',
        },
      },
    },
  }
}

/** What Redocly's recommended rules say about the file; empty without complaints. Uses no network. */
export async function complaints(path: string): Promise<string> {
  const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: env.CI ?? 'true' }
  const { exitCode, all } = await execa('redocly', ['lint', path, '--extends', 'recommended', '--max-problems', '20'], {
    all: true,
    reject: false,
    preferLocal: true,
    env: quiet,
  })
  return exitCode === 0 && !/warning/i.test(all) ? '' : all
}

async function main(options: { check?: true }): Promise<void> {
  const text = `${JSON.stringify(await describe(), null, 2)}\n`
  if (!options.check) return writeFile(PATH, text)
  if ((await readFile(PATH, 'utf8').catch(() => '')) !== text)
    throw new Error('docs/openapi.json is not what the schemas say: run npm run openapi.')
  const said = await complaints(PATH)
  if (said !== '') throw new Error(`Redocly complains about docs/openapi.json:\n${said}`)
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const command = new Command('openapi')
    .description('Writes docs/openapi.json from the schemas of the Worker.')
    .option('--check', 'write nothing; fail when the file is another, or Redocly complains')
    .action(main)
  await command.parseAsync().catch((error: Error) => command.error(error.message))
}
