import { CLIError } from '@oclif/core/errors'
import { LbError } from '../kit/errors.ts'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { nearest } from '../kit/nearest.ts'

/** An error as the reader sees it: on stderr in one line, or under `--json` as an object. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly exitCode: ExitCode
}

/** What was called, as far as a remedy can name it. */
export interface Called {
  /** `lb bench` */
  readonly command: string
  /** Names of its flags, without dashes. */
  readonly flags: readonly string[]
}

/** Says what went wrong in the words of `lb`, whoever threw it. */
export function failure(error: unknown, called: Called): Failure {
  if (error instanceof LbError) {
    const { code, hint, exitCode } = error
    return { code, message: oneLine(unwrapped(error.message)), hint: oneLine(hint), exitCode }
  }
  if (error instanceof CLIError) return misuse(error, called)
  return {
    code: 'LB_UNEXPECTED',
    message: oneLine(`unexpected error: ${error instanceof Error ? error.message : String(error)}`),
    hint: 'this is a fault of lb: please report it with what DEBUG=lb prints in addition',
    exitCode: exitCodes.error,
  }
}

/** `lb: what, where: what to do` */
export function line({ message, hint }: Failure): string {
  return `lb: ${message}${hint === '' ? '' : `: ${hint}`}`
}

/** Oclif wraps what a flag's parser threw into three lines; this takes the middle one. */
function unwrapped(message: string): string {
  return /^Parsing --\S+ \n\t([\s\S]*)\nSee more help with --help$/.exec(message)?.[1] ?? message
}

/** Oclif's own complaints about flags and arguments. */
function misuse(error: CLIError, called: Called): Failure {
  const { flags, args } = error as { flags?: string[]; args?: unknown[] }
  const help = `"${called.command} --help" shows how`
  const usage = (message: string, hint: string): Failure => ({
    code: 'LB_USAGE',
    message: oneLine(message),
    hint: oneLine(hint),
    exitCode: exitCodes.usage,
  })
  if (error.constructor.name === 'NonExistentFlagsError' && flags) {
    return usage(`unknown flag ${flags.map(flagOf).join(', ')}`, flagHint(flags[0], called) ?? help)
  }
  if (error.constructor.name === 'UnexpectedArgsError' && args) {
    return usage(`unexpected argument ${args.join(', ')}`, help)
  }
  if (error.constructor.name === 'RequiredArgsError' && args) {
    const names = (args as { name: string }[]).map(({ name }) => name.toUpperCase())
    return usage(`missing argument ${names.join(', ')}`, help)
  }
  const choice = /^Expected (?:--([^=\s]+)=)?(.*) to be one of: (.*)$/m.exec(plain(error.message))
  if (choice) {
    const [, flag, typed = '', options = ''] = choice
    const meant = nearest(typed, options.split(', '))
    return usage(
      `unknown ${flag ? `value "${typed}" for --${flag}` : `argument "${typed}"`}`,
      `${meant ? `did you mean ${meant}? ` : ''}it is one of ${options}`,
    )
  }
  const related = relation(plain(error.message))
  if (related !== undefined) return usage(related, help)
  const parsing = /^Parsing --(\S+) \n\t([\s\S]*)\nSee more help with --help$/.exec(error.message)
  return usage(parsing ? `--${parsing[1]}: ${parsing[2]}` : error.message, help)
}

/** Flags that belong together, or do not, in fewer words than oclif's. */
function relation(message: string): string | undefined {
  const [, all, needing, needed = ''] =
    /(All|One) of the following must be provided when using (--\S+): (.+)/.exec(message) ?? []
  if (needing !== undefined) {
    return `${needing} needs ${needed.split(', ').join(all === 'All' ? ' and ' : ' or ')}`
  }
  const [, flag, other] =
    /(--\S+?)(?:=.*)? cannot also be provided when using (--\S+)/.exec(message) ?? []
  return flag && `${flag} does not go with ${other}`
}

function flagHint(typed: string | undefined, called: Called): string | undefined {
  const meant = typed && nearest(flagOf(typed).replace(/^-+/, ''), called.flags)
  return meant ? `did you mean --${meant}?` : undefined
}

function flagOf(typed: string): string {
  return typed.replace(/=.*$/s, '')
}

function plain(message: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes start with one.
  return message.replace(/\u001b\[[\d;]*m/g, '').replace(/\n*See more help with --help$/, '')
}

function oneLine(text: string): string {
  return plain(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim()
}
