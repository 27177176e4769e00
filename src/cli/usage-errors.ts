import type { CLIError } from '@oclif/core/errors'
import { nearest } from '../kit/nearest.ts'
import { plainText } from './one-line.ts'

/** The command that failed, for the hint. */
export interface FailedCommand {
  /** `lb bench` */
  readonly command: string
  /** Names of its flags, without dashes. */
  readonly flags: readonly string[]
  /** The arguments as typed. */
  readonly words: readonly string[]
}

/** A problem with the arguments, and the remedy. */
interface UsageMessage {
  readonly message: string
  readonly hint: string
}

/** Rewrites oclif's errors about flags and arguments into the form of lb's own. */
export function usageError(error: CLIError, failed: FailedCommand): UsageMessage {
  const help = `see "${failed.command} --help"`
  const { flags, args } = error as { flags?: string[]; args?: unknown[] }
  if (error.constructor.name === 'NonExistentFlagsError' && flags) {
    return {
      message: `unknown flag ${flags.map(flagName).join(', ')}`,
      hint: nearestFlag(flags[0], failed) ?? help,
    }
  }
  if (error.constructor.name === 'UnexpectedArgsError' && args) {
    return { message: `unexpected argument ${args.join(', ')}`, hint: help }
  }
  if (error.constructor.name === 'RequiredArgsError' && args) {
    const names = (args as { name: string }[]).map(({ name }) => name.toUpperCase())
    return { message: `missing argument ${names.join(', ')}`, hint: help }
  }
  const text = plainText(error.message)
  return invalidChoice(text) ?? { message: knownText(text) ?? text, hint: help }
}

/** A value that is not among the options of a flag or an argument. */
function invalidChoice(text: string): UsageMessage | undefined {
  const match = /^Expected (?:--([^=\s]+)=)?(.*) to be one of: (.*)$/m.exec(text)
  if (!match) return undefined
  const [, flag, typed = '', options = ''] = match
  const near = nearest(typed, options.split(', '))
  return {
    message: `unknown ${flag ? `value "${typed}" for --${flag}` : `argument "${typed}"`}`,
    hint: `${near ? `did you mean ${near}? ` : ''}it is one of ${options}`,
  }
}

/** Oclif's sentences, in fewer words; undefined for a text that is none of them. */
function knownText(text: string): string | undefined {
  const missing = [...text.matchAll(/Missing required flag (\S+)/g)].map(([, name]) => `--${name}`)
  if (missing.length > 0) return `missing flag ${missing.join(', ')}`
  const [, all, dependent, needed = ''] =
    /(All|One) of the following must be provided when using (--\S+): (.+)/.exec(text) ?? []
  if (dependent !== undefined) {
    return `${dependent} needs ${needed.split(', ').join(all === 'All' ? ' and ' : ' or ')}`
  }
  const [, flag, other] =
    /(--\S+?)(?:=.*)? cannot also be provided when using (--\S+)/.exec(text) ?? []
  if (flag !== undefined) return `${flag} cannot be combined with ${other}`
  const [, withoutValue] = /^Flag (--\S+) expects a value$/.exec(text) ?? []
  if (withoutValue !== undefined) return `${withoutValue} needs a value`
  const [, repeated] = /^Flag (--\S+) can only be specified once$/.exec(text) ?? []
  if (repeated !== undefined) return `${repeated} may be given only once`
  const [, parsed, reason] = /^Parsing --(\S+) \n\t([\s\S]*)$/.exec(text) ?? []
  return parsed && `--${parsed}: ${reason}`
}

/** Hints for flags of other commands that do the job of one that does not exist. */
const otherCommands: Readonly<Record<string, string>> = {
  aa: 'use "lb selftest" to measure the balancer against itself',
}

function nearestFlag(typed: string | undefined, failed: FailedCommand): string | undefined {
  const name = typed && flagName(typed).replace(/^-+/, '')
  if (!name) return undefined
  const near = nearest(name, failed.flags)
  return otherCommands[name] ?? (near && `did you mean --${near}?`)
}

function flagName(typed: string): string {
  return typed.replace(/=.*$/s, '')
}
