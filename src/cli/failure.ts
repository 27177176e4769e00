import { CLIError } from '@oclif/core/errors'
import { LbError, type Mistake, MistakesError } from '../kit/errors.ts'
import { type ExitCode, exitCodes } from '../kit/exit-codes.ts'
import { hideCommand } from '../kit/hide-command.ts'
import { hideInMessage, hideKnown, secretsInEnvironment } from '../kit/secrets.ts'
import { oneLine } from './one-line.ts'
import { type FailedCommand, usageError } from './usage-errors.ts'

/** An error as the user sees it: one line on standard error, or an object under `--json`. */
export interface Failure {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly exitCode: ExitCode
  /** Further mistakes in the same file. */
  readonly others?: readonly Mistake[]
}

/** Converts any error that a command threw: errors of lb, errors of the flag parser, and bugs. Secrets of the command line and the environment are hidden. */
export function failure(error: unknown, failed: FailedCommand): Failure {
  const found = describe(error, failed)
  const secrets = [...hideCommand(failed.words).secrets, ...secretsInEnvironment(process.env)]
  const hide = (text: string) => hideKnown(hideInMessage(text), secrets)
  const hidden = <One extends Mistake>(one: One): One => ({
    ...one,
    message: hide(one.message),
    hint: hide(one.hint),
  })
  return { ...hidden(found), ...(found.others && { others: found.others.map(hidden) }) }
}

function describe(error: unknown, failed: FailedCommand): Failure {
  if (error instanceof LbError) {
    const { code, message, hint, exitCode } = error
    const others = error instanceof MistakesError ? error.others : []
    return {
      ...{ code, message: oneLine(withoutParserFrame(message)), hint: oneLine(hint), exitCode },
      ...(others.length > 0 && {
        others: others.map((one) => ({ message: oneLine(one.message), hint: oneLine(one.hint) })),
      }),
    }
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

/** `lb: what, where: what to do`; a line for each further mistake. */
export function line({ message, hint, others = [] }: Failure): string {
  return [{ message, hint }, ...others]
    .map((one) => `lb: ${one.message}${one.hint === '' ? '' : `: ${one.hint}`}`)
    .join('\n')
}

/** Oclif wraps an error of a flag's parser into three lines; the middle one is the message. */
function withoutParserFrame(message: string): string {
  return /^Parsing --\S+ \n\t([\s\S]*)\nSee more help with --help$/.exec(message)?.[1] ?? message
}
