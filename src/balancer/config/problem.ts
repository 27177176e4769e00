import { type LbError, UsageError } from '../../kit/errors.ts'
import { printable } from '../../kit/printable.ts'
import { hideInMessage } from '../../kit/secrets.ts'

/** A setting that cannot be used. */
export interface Problem {
  /** Where it is in the configuration. */
  readonly path: readonly PropertyKey[]
  /** File and line of a field that is from a file; '' where the message names the file. */
  readonly where?: string
  readonly message: string
  /** What to do. */
  readonly hint: string
}

const prefix = 'balancer configuration: '

/** Runs a check of the field at `path`; undefined where it passes. */
export function problemAt(path: readonly PropertyKey[], check: () => unknown): Problem | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    const { message, hint } = error as LbError
    if (hint === undefined) throw error
    return { path, message: message.replace(prefix, ''), hint }
  }
}

/** A problem in one line, without what to do, and without the secrets that values of the configuration may hold. */
export function problemText({ where, message }: Problem): string {
  const shown = hideInMessage(printable(message).trim())
  if (where === '') return shown
  return where === undefined ? `${prefix}${shown}` : `${where}: ${shown}`
}

/** The first of the problems as an error, with the number of the others. */
export function toError(problems: readonly [Problem, ...Problem[]]): UsageError {
  const [first, ...others] = problems
  const more = others.length === 0 ? '' : ` (and ${others.length} more: see --check-config)`
  return new UsageError(`${problemText(first)}${more}`, first.hint)
}
