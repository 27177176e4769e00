import { basename } from 'node:path'

/** An error of a script with its place: `checkout.js, line 12: …`. Errors that come from elsewhere stay as they are. */
export function scriptError(error: unknown, files: ReadonlySet<string>): Error {
  const { stack = '', message } = error instanceof Error ? error : new Error(String(error))
  for (const [, file = '', line] of stack.matchAll(/\(?(?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?$/gm))
    if (files.has(file))
      return new Error(`${basename(file)}, line ${line}: ${message}`, { cause: error })
  return error instanceof Error ? error : new Error(message)
}
