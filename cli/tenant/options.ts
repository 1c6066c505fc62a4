/** The command line, parsed once. */
import { parseArgs } from 'node:util'
import { Stopped } from './mistake.ts'

export const COMMANDS = ['new', 'check', 'deploy', 'rollout', 'rollback', 'rotate', 'list', 'remove'] as const
export type Command = (typeof COMMANDS)[number]

const OPTIONS = {
  origins: { type: 'string' },
  widget: { type: 'string', multiple: true },
  domain: { type: 'string' },
  account: { type: 'string' },
  admin: { type: 'string' },
  'admin-origins': { type: 'string' },
  webhooks: { type: 'boolean', default: false },
  'webhook-target': { type: 'string' },
  set: { type: 'string', multiple: true },
  'secrets-only': { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  fix: { type: 'boolean', default: false },
  'no-doctor': { type: 'boolean', default: false },
  outdir: { type: 'string' },
  url: { type: 'string' },
  steps: { type: 'string', default: '10,50,100' },
  wait: { type: 'string', default: '300' },
  to: { type: 'string' },
  stdin: { type: 'boolean', default: false },
  'from-env': { type: 'string' },
  purpose: { type: 'string' },
  leaked: { type: 'boolean', default: false },
  now: { type: 'boolean', default: false },
  'changed-since': { type: 'string' },
  yes: { type: 'boolean', default: false },
  'keep-files': { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  'without-secrets': { type: 'boolean', default: false },
  folder: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Which command takes which options, beside the ones that all take. */
const OF: Readonly<Record<Command, readonly string[]>> = {
  new: [
    'origins',
    'widget',
    'domain',
    'account',
    'admin',
    'admin-origins',
    'webhooks',
    'webhook-target',
    'set',
    'secrets-only',
  ],
  check: ['all', 'fix', 'without-secrets'],
  deploy: ['no-doctor', 'outdir', 'url', 'without-secrets', 'dry-run'],
  rollout: ['steps', 'wait', 'no-doctor', 'url', 'without-secrets', 'dry-run'],
  rollback: ['to', 'dry-run'],
  rotate: ['stdin', 'from-env', 'widget', 'purpose', 'leaked', 'now', 'dry-run'],
  list: ['changed-since'],
  remove: ['yes', 'keep-files', 'dry-run'],
}
const EVERYWHERE = ['json', 'folder', 'help']

export type Options = ReturnType<typeof parse>['values']
export type CommandLine = { command: Command | undefined; words: string[]; options: Options }

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, tokens: true })
}

/** Throws `Stopped` with one sentence. `--help` needs no command. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals, tokens } = readOptions(args)
  const [word, ...words] = positionals
  if (values.help || word === undefined) return { command: undefined, words, options: values }
  const command = COMMANDS.find((each) => each === word)
  if (command === undefined) {
    throw new Stopped('usage', `There is no command ${word.slice(0, 40)}: use one of ${COMMANDS.join(', ')}.`)
  }
  for (const token of tokens) {
    if (token.kind !== 'option' || EVERYWHERE.includes(token.name) || OF[command].includes(token.name)) continue
    throw new Stopped('usage', `${command} takes no --${token.name}: npm run tenant -- --help lists what it takes.`)
  }
  const most = command === 'rotate' ? 2 : 1
  if (words.length > most) {
    throw new Stopped(
      'usage',
      `${command} does not know what to do with “${words.slice(most).join(' ').slice(0, 60)}”: put several values into quotes.`,
    )
  }
  return { command, words, options: values }
}

function readOptions(args: readonly string[]): ReturnType<typeof parse> {
  try {
    return parse(args)
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, option = ''] = /'(?:-\w, )?(--[\w-]+)/.exec(message) ?? []
    const why = message.startsWith('Unknown option')
      ? `There is no option ${option.slice(0, 40)}`
      : valueMistake(option)
    throw new Stopped('usage', `${why}: npm run tenant -- --help lists every option.`)
  }
}

/** `--origins` without a value, or `--json=1`. */
const valueMistake = (option: string): string => {
  const flag = Object.entries(OPTIONS).some(([name, { type }]) => `--${name}` === option && type === 'boolean')
  return flag ? `${option} takes no value` : `${option} needs a value`
}
