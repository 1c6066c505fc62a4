/** docs/cli.md describes the command as it is: the same commands, options and exit codes. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { EXIT } from '../../cli/base/mistake.ts'
import { COMMANDS } from '../../cli/index.ts'
import { Clone } from '../support/clone.ts'

const page = readFileSync('docs/cli.md', 'utf8')
const commands = COMMANDS.map((factory) => factory())
const flat = (command: Command): Command[] => [command, ...command.commands.flatMap(flat)]

describe('docs/cli.md', () => {
  it('lists every command in the order of --help', () => {
    const rows = [...page.matchAll(/^\| `([a-z]+)` +\|/gm)].map((row) => row[1])
    expect(rows).toEqual(commands.map((command) => command.name()))
  })

  it('names only options that a command has', () => {
    const taken = commands.flatMap(flat).flatMap((command) => command.options.map(({ long }) => long))
    const named = [...page.matchAll(/`(--[a-z-]+)`/g)].map((match) => match[1])
    expect(named.filter((option) => option !== '--help' && !taken.includes(option))).toEqual([])
  })

  it('lists every exit code', () => {
    const codes = [...page.matchAll(/^\| +(\d) \|/gm)].map((row) => Number(row[1]))
    expect(codes).toEqual(Object.values(EXIT))
  })
})

describe('--help', () => {
  it.each(commands.flatMap((command) => flat(command).map((each) => [pathOf(each), each] as const)))(
    '%s explains each option, and shows an example',
    async (path) => {
      const clone = new Clone({ built: false })
      const { code, out } = await clone.run(...path.split(' '), '--help')
      clone.remove()
      expect(code).toBe(0)
      expect(out).toMatch(/^Usage: /)
      expect(out).toMatch(/\nExamples:\n {2}\S/)
    },
  )

  it.each(
    commands
      .filter((command) => !['webhooks'].includes(command.name()))
      .map((command) => [command.name(), command] as const),
  )('%s takes --json', (_name, command) => {
    expect(command.options.map(({ long }) => long)).toContain('--json')
  })
})

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}
