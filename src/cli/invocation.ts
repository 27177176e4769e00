import type { ExitCode } from '../kit/exit-codes.ts'
import type { RenderOptions } from '../kit/render-options.ts'

/** One call of a command on the command line, as the use case behind it sees it. */
export interface Invocation {
  /** Version of lb. */
  readonly version: string
  /** The arguments after `lb`. */
  readonly commandLine: readonly string[]
  /** Whether the return value is printed as JSON in place of text. */
  readonly json: boolean
  /** What standard output can display. */
  readonly render: RenderOptions
  /** Writes text to standard output, without control characters other than its colours; nothing under `--json`. */
  print(text: string): void
  /** Writes a line for the user to standard error; nothing under `--json`. */
  note(text: string): void
  /** Reports an error on standard error, with and without `--json`, and ends with its exit code after the result is printed. */
  fail(error: Error): void
  /** Sets the exit code with which the command ends after its result is printed. */
  endWith(code: ExitCode): void
}
