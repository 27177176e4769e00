import type { Command } from '@oclif/core/command'
import { parse } from '@oclif/core/parser'
import { withLivePort } from '../../src/cli/live-flag.ts'
import { gateRule } from '../../src/experiment/gates/gate-rule.ts'
import { objective } from '../../src/plan/objective.ts'
import { shellWords } from './shell-words.ts'

/**
 * Parses the flags and arguments of a shell line as the command would, with every check of a value; reads no file and
 * measures nothing.
 */
export async function parseCommand(line: string): Promise<void> {
  const words = shellWords(line)
  const [name = '', ...argv] = words.slice(words.indexOf('lb') + 1)
  const { default: command } = (await import(`../../commands/${name}.ts`)) as {
    default: typeof Command
  }
  const { args, strict, aliases } = command
  const flags = { ...command.baseFlags, ...command.flags }
  const help = { help: { type: 'boolean' } } as unknown as typeof flags
  const options = { args, strict, flags: { ...flags, ...help }, aliases }
  const { flags: read } = await parse(withLivePort(argv), options as never)
  const { 'fail-on': rules = [], slo = [] } = read as {
    'fail-on'?: string[]
    slo?: string[] | string
  }
  rules.forEach(gateRule)
  // One command takes several objectives, another takes one.
  for (const one of [slo].flat()) objective(one)
}
