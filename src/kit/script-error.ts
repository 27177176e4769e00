import { basename, dirname, sep } from 'node:path'

/** Where the modules of lb itself are. */
const ownFolder = dirname(import.meta.dirname) + sep

/**
 * An error in a file of the user with its place: `checkout.ts, line 12: …`, and the error as its cause. Errors that come
 * from elsewhere stay as they are.
 */
export function scriptError(
  error: unknown,
  isOfUser: (file: string) => boolean = (file) => !file.startsWith(ownFolder),
): Error {
  const known = error instanceof Error ? error : new Error(String(error))
  const places = (known.stack ?? '').matchAll(/(?:file:\/\/)?(\/[^():\n]+):(\d+)(?::\d+)?\)?$/gm)
  for (const [, file = '', line] of places)
    if (isOfUser(file))
      return new Error(`${basename(file)}, line ${line}: ${known.message}`, { cause: error })
  return known
}
