import { printableJson } from '../kit/printable.ts'
import { failure, line } from './failure.ts'
import type { FailedCommand } from './usage-errors.ts'

/**
 * Prints an error on one line of standard error, or as JSON on standard output, and returns it marked so that
 * oclif only exits with its exit code.
 */
export async function printError(
  error: unknown,
  failed: FailedCommand & { readonly json: boolean },
): Promise<Error> {
  const printed = failure(error, failed)
  if (failed.json) process.stdout.write(`${printableJson({ error: printed })}\n`)
  else process.stderr.write(`${line(printed)}\n`)
  await drained(process.stdout)
  return Object.assign(error instanceof Error ? error : new Error(String(error)), {
    message: printed.message,
    oclif: { exit: printed.exitCode },
    skipOclifErrorHandling: true,
  })
}

/** Waits until written data has left the process, since oclif exits without waiting. */
export function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', 'utf8', () => resolve())
  })
}
