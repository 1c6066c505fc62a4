/**
 * Checks commands of the docs as far as a machine without an account or network can: the shell parses them, a reader
 * has each program, scripts exist, and a program's own `--help` lists each option.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { execPath } from 'node:process'
import * as v from 'valibot'

const Manifest = v.object({ scripts: v.record(v.string(), v.string()) })
const { scripts } = v.parse(Manifest, JSON.parse(readFileSync('package.json', 'utf8')))

/** Programs that every reader has or is told to install. */
const PROGRAMS = new Set(
  'cd cp mv mkdir cat echo printf export curl openssl grep diff jq ls chmod sleep test'.split(' '),
)
const GIT = new Set('add checkout clone commit diff log pull push revert show status switch tag worktree'.split(' '))
const NPM = new Set(['ci', 'install', 'start', 'test'])

/** The mistakes in the commands, one sentence each. */
export function shellMistakes(code: string): string[] {
  const parsed = spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })
  if (parsed.status !== 0) return [parsed.stderr.trim()]
  return commandsIn(code).flatMap((words) => mistakeIn(words) ?? [])
}

/**
 * Splits a script into simple commands, each a list of words. Handles quotes, comments and `VAR=value` before a
 * command.
 */
export function commandsIn(code: string): string[][] {
  const words = code
    .replace(/\\\n/g, ' ')
    .matchAll(/'([^']*)'|"((?:[^"\\]|\\.)*)"|(#[^\n]*)|(&&|\|\||[;|\n])|([^\s;|&'"]+|&)/g)
  const commands: string[][] = [[]]
  for (const [, single, double, comment, separator, plain] of words) {
    if (comment !== undefined) continue
    if (separator !== undefined) commands.push([])
    else commands.at(-1)?.push(single ?? double ?? plain ?? '')
  }
  return commands
    .map((command) => command.slice(command.findIndex((word) => !/^[A-Z_]+=/.test(word))))
    .filter((command) => command.length > 0 && command[0] !== undefined && !/^[A-Z_]+=/.test(command[0]))
}

function mistakeIn([program = '', ...args]: string[]): string | undefined {
  if (program === 'npm') return npmMistake(args)
  if (program === 'npx' && args[0] === 'wrangler') return wranglerMistake(args.slice(1))
  if (program === 'npx' && args[0] === 'caty-keyless') return cliMistake('npx caty-keyless', [], args.slice(1))
  if (program === 'npx')
    return existsSync(`node_modules/.bin/${args[0]}`) ? undefined : `npx ${args[0]} is not installed`
  if (program === 'git') return GIT.has(args[0] ?? '') ? undefined : `git ${args[0]} is not known here`
  if (program === 'node') return existsSync(args[0] ?? '') ? undefined : `there is no file ${args[0]}`
  return PROGRAMS.has(program) ? undefined : `${program} is not a program that every reader has`
}

function npmMistake([verb = '', ...rest]: string[]): string | undefined {
  if (NPM.has(verb)) return undefined
  if (verb !== 'run') return `npm ${verb} is not known here`
  const [name = '', ...more] = rest.filter((word) => word !== '--silent')
  const script = scripts[name]
  if (script === undefined) return `package.json has no script ${name}`
  const args = more.filter((word) => word !== '--')
  if (args.length === 0) return undefined
  const program = script.split(' ').slice(1)
  // This project's programs all support --help; another program might do its work instead of printing help.
  if (program[0] !== 'scripts/run.mjs') return `npm run ${name} takes no arguments`
  if (program[1] === CLI) return cliMistake(`npm run ${name}`, program.slice(2), args)
  return unknownTo(`npm run ${name}`, helpOf(program), args)
}

const CLI = 'cli/index.ts'

/**
 * `before` has the words of the script in package.json. The reader's first word is a command if the program has
 * commands.
 */
function cliMistake(what: string, before: string[], args: string[]): string | undefined {
  const nested = helpOf([CLI, ...before]).includes('\nCommands:') && !args[0]?.startsWith('-')
  const command = [...before, ...(nested ? args.slice(0, 1) : [])]
  const rest = args.filter((word) => word.startsWith('-'))
  return unknownTo([what, ...command].join(' '), helpOf([CLI, ...command]), rest)
}

const wranglerMistake = (args: string[]): string | undefined => {
  const firstOption = args.findIndex((word) => word.startsWith('-'))
  const command = args.slice(0, firstOption < 0 ? 2 : Math.min(2, firstOption))
  return unknownTo('npx wrangler', helpOf(['node_modules/wrangler/bin/wrangler.js', ...command]), args)
}

const helps = new Map<string, string>()

/** The output of a Node program for `--help`; empty if it fails. */
function helpOf(args: string[]): string {
  const key = args.join(' ')
  const known = helps.get(key)
  if (known !== undefined) return known
  const { status, stdout, stderr } = spawnSync(execPath, [...args, '--help'], {
    encoding: 'utf8',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', NO_UPDATE_NOTIFIER: '1', CI: '1', NO_COLOR: '1' },
  })
  const help = status === 0 ? stdout + stderr : ''
  helps.set(key, help)
  return help
}

/** Each option and the first word must be in the help. */
function unknownTo(what: string, help: string, args: string[]): string | undefined {
  if (help === '') return `${what} has no --help that ends well`
  const said = args.filter((word, at) => word.startsWith('--') || (at === 0 && !word.includes('/')))
  const unknown = said.map((word) => word.replace(/=.*$/, '')).find((word) => !help.includes(word))
  return unknown === undefined ? undefined : `the help of ${what} does not name ${unknown}`
}
