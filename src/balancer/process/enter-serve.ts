import { parentLink } from './parent-link.ts'
import { restartsVariable } from './parent-messages.ts'
import { catchSignals } from './signals.ts'

/**
 * Called first in a process that runs `lb serve` with `args`, as early as possible: from then on no signal has its
 * default action. Without `--no-supervise` this process only becomes the parent of the one that serves.
 *
 * @param script the file that the process was started with
 * @returns whether the command is to be run in this process
 */
export async function enterServe(script: string, args: readonly string[]): Promise<boolean> {
  if (process.env[restartsVariable] === undefined && !args.includes('--no-supervise')) {
    const { supervise } = await import('./supervise.ts')
    supervise(script, args)
    return false
  }
  parentLink(catchSignals())
  return true
}
