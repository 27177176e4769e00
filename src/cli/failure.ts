import { CLIError } from '@oclif/core/errors'
import { LbError } from '../kit/errors.ts'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { hideCommand } from '../kit/hide-command.ts'
import { hideKnown, hideUserinfo, secretsInEnvironment } from '../kit/secrets.ts'
import { oneLine } from './one-line.ts'
import { type FailedCommand, usageError } from './usage-errors.ts'

/** An error as the user sees it: one line on standard error, or an object under `--json`. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly exitCode: ExitCode
}

/** Converts any error that a command threw: errors of lb, errors of the flag parser, and bugs. Secrets of the command line and the environment are hidden. */
export function failure(error: unknown, failed: FailedCommand): Failure {
  const found = describe(error, failed)
  const secrets = [...hideCommand(failed.words).secrets, ...secretsInEnvironment(process.env)]
  const hide = (text: string) => hideKnown(hideUserinfo(text), secrets)
  return { ...found, message: hide(found.message), hint: hide(found.hint) }
}

function describe(error: unknown, failed: FailedCommand): Failure {
  if (error instanceof LbError) {
    const { code, message, hint, exitCode } = error
    return { code, message: oneLine(withoutParserFrame(message)), hint: oneLine(hint), exitCode }
  }
  if (error instanceof CLIError) {
    const { message, hint } = usageError(error, failed)
    return {
      code: 'LB_USAGE',
      message: oneLine(message),
      hint: oneLine(hint),
      exitCode: exitCodes.usage,
    }
  }
  return {
    code: 'LB_UNEXPECTED',
    message: oneLine(`unexpected error: ${error instanceof Error ? error.message : String(error)}`),
    hint: 'this is a bug in lb; please report it with the output of DEBUG=lb',
    exitCode: exitCodes.error,
  }
}

/** `lb: what, where: what to do` */
export function line({ message, hint }: Failure): string {
  return `lb: ${message}${hint === '' ? '' : `: ${hint}`}`
}

/** Oclif wraps an error of a flag's parser into three lines; the middle one is the message. */
function withoutParserFrame(message: string): string {
  return /^Parsing --\S+ \n\t([\s\S]*)\nSee more help with --help$/.exec(message)?.[1] ?? message
}
