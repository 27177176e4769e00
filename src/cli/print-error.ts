import { type Called, failure, line } from './failure.ts'

/**
 * Tells the reader of an error, in one line on stderr or as JSON on stdout, and returns it marked so
 * that oclif only has to leave with its exit code.
 */
export async function printError(
  error: unknown,
  called: Called & { readonly json: boolean },
): Promise<Error> {
  const said = failure(error, called)
  if (called.json) process.stdout.write(`${JSON.stringify({ error: said }, undefined, 2)}\n`)
  else process.stderr.write(`${line(said)}\n`)
  await drained(process.stdout)
  return Object.assign(error instanceof Error ? error : new Error(String(error)), {
    message: said.message,
    oclif: { exit: said.exitCode },
    skipOclifErrorHandling: true,
  })
}

/** Waits until what was written has left, since oclif ends the process without asking. */
export function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', 'utf8', () => resolve())
  })
}
