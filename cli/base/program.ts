/** The command line: commander parses it, and each of its errors becomes a sentence of ours in the words that were typed. */
import { Command, type CommanderError } from 'commander'
import { EXIT, Mistake } from './mistake.ts'
import { didYouMean, listed, nearest } from './nearest.ts'
import { secretsIn } from './secret-patterns.ts'
import { Terminal } from './terminal.ts'
import { calledAs, endedWith, fileMistake, startIn, type World } from './world.ts'

export type Factory = () => Command

/** Asked for help, or for the version: it is printed already. */
class Helped extends Error {}

const INTRODUCTION = `Runs your own edge for the Caty chat widget, so that no page carries the API key.

A tenant is one Worker at Cloudflare: wrangler.jsonc says what is deployed, secrets.env holds its secrets.`

const EXIT_CODES = `
Exit codes: 0 done · 1 a file has to be changed · 2 wrong command line · 3 wrangler or Cloudflare failed ·
4 deployed and not well · 5 a rotation waits: run it again. The doctor and webhooks have their own: see their --help.`

/** Runs one command line and resolves with its exit code. */
export async function runProgram(
  factories: readonly Factory[],
  args: readonly string[],
  world: World,
): Promise<number> {
  const program = programOf(factories, args, world)
  // Before anything is parsed, so that a mistake in the rest is told in the form that was asked for.
  const terminal = new Terminal(args.includes('--json'), world.streams)
  try {
    refuseSecrets(args)
    if (args.length === 0) {
      program.outputHelp()
      return EXIT.usage
    }
    refuseMissingValues(program, args)
    await program.parseAsync([...args], { from: 'user' })
    return endedWith(program)
  } catch (error) {
    if (error instanceof Helped) return EXIT.done
    const mistake = error instanceof Mistake ? error : fileMistake(error, world.cwd)
    terminal.refuse(mistake)
    return EXIT[mistake.ending]
  }
}

/** The shell's history keeps a command line, and every user of the machine can read it. */
function refuseSecrets(args: readonly string[]): void {
  const [found] = args.flatMap(secretsIn)
  if (!found) return
  throw new Mistake(
    'usage',
    `${found.what.replace(/^a/, 'A')} stands on the command line, where others can read it: put it into secrets.env, or hand it over with --stdin; then make a new one, because the shell's history keeps this one.`,
  )
}

function programOf(factories: readonly Factory[], args: readonly string[], world: World): Command {
  const program = new Command(calledAs(world.env))
    .description(INTRODUCTION)
    .version(world.home.version, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this text; after a command, about that command')
    .helpCommand(false)
    // --version after a command is not about the program.
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES)
  program.configureOutput({
    writeOut: (text) => void world.streams.out.write(text),
    writeErr: (text) => void world.streams.out.write(text),
    // Said once, as our own sentence.
    outputError: () => {},
  })
  for (const factory of factories) program.addCommand(factory())
  for (const command of allOf(program)) {
    if (command.parent) command.copyInheritedSettings(program).helpCommand(false)
    command.helpOption('-h, --help', 'this text').exitOverride((error) => {
      throw translated(error, command, program, args)
    })
  }
  startIn(program, world)
  return program
}

const allOf = (command: Command): Command[] => [command, ...command.commands.flatMap(allOf)]

/** commander would take the next option for the value. */
function refuseMissingValues(program: Command, args: readonly string[]): void {
  const command = program.commands.find((each) => each.name() === args[0])
  if (!command) return
  const flags = command.options.filter(({ required }) => required).map(({ long }) => long)
  const at = args.findIndex((arg, index) => flags.includes(arg) && args[index + 1]?.startsWith('--'))
  if (at < 0) return
  throw new Mistake('usage', `${args[at]} needs a value before ${args[at + 1]}: ${pathOf(command)} --help says which.`)
}

/** The words that lead to a command, as they are typed. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function translated(error: CommanderError, command: Command, program: Command, args: readonly string[]): Error {
  const { code, message } = error
  if (code === 'commander.helpDisplayed' || code === 'commander.version') return new Helped()
  const help = `${pathOf(command)} --help`
  const quoted = /'([^']*)'/.exec(message)?.[1] ?? ''
  switch (code) {
    case 'commander.help': {
      const words = listed(
        command.commands.map((each) => each.name()),
        'or',
      )
      return new Mistake('usage', `${pathOf(command)} needs a word more: ${words}.`)
    }
    case 'commander.unknownCommand':
      return new Mistake('usage', unknownCommand(quoted, command, help))
    case 'commander.unknownOption':
      return new Mistake('usage', unknownOption(quoted, command, program, args))
    case 'commander.optionMissingArgument': {
      const [flag = ''] = /--[\w-]+/.exec(quoted) ?? []
      return new Mistake('usage', `${flag} needs a value: ${help} says which.`)
    }
    case 'commander.missingArgument':
      return new Mistake('usage', `${pathOf(command)} needs a ${quoted}: ${help} shows an example.`)
    case 'commander.excessArguments': {
      const words = / got \d+: (.*)\.$/.exec(message)?.[1]?.split(', ') ?? []
      return new Mistake('usage', tooMany(words.slice(command.registeredArguments.length), command))
    }
    default:
      return new Mistake('usage', message.replace(/^error: /, ''))
  }
}

function unknownCommand(word: string, command: Command, help: string): string {
  const names = command.commands.map((each) => each.name())
  return `There is no command ${word.slice(0, 40)}: ${didYouMean(word, names, `${help} lists all of them`)}`
}

const flagsOf = (command: Command): string[] =>
  command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]))

function unknownOption(word: string, command: Command, program: Command, args: readonly string[]): string {
  const [flag = ''] = /^[^=]*/.exec(word) ?? []
  const typed = flag.slice(0, 40)
  if (word !== flag && flagsOf(command).includes(flag)) return `${typed} takes no value: write ${typed} alone.`
  const owner = program.commands.filter((each) => flagsOf(each).includes(flag)).map((each) => each.name())
  if (command === program && owner.length > 0) {
    const name = owner.find((each) => args.includes(each)) ?? owner[0]
    return `Put ${typed} after the command, as in ${pathOf(program)} ${name} ${typed}.`
  }
  // `--origin` is nearer to this command's `--origins` than to another command's option of that name.
  const own = nearest(flag, flagsOf(command))
  if (owner.length > 0 && own === undefined)
    return `${command.name()} takes no ${typed}: that is an option of ${listed(owner)}.`
  return `There is no option ${typed}: ${didYouMean(flag, flagsOf(command), `${pathOf(command)} --help lists every option`)}`
}

function tooMany(words: readonly string[], command: Command): string {
  const shown = words.join(' ').slice(0, 80)
  const lists = command.options.some(({ long }) => long === '--origins')
  if (lists && words.some((word) => /[./:]/.test(word))) {
    return `${command.name()} does not know what to do with “${shown}”: put commas and no spaces between origins, as in --origins https://a.example,https://b.example.`
  }
  const takes = listed(command.registeredArguments.map((each) => each.name()))
  if (takes === '') return `${command.name()} takes no name: leave “${shown}” out.`
  return `${command.name()} takes one ${takes}: leave “${shown}” out, or put quotes around a value with spaces.`
}
