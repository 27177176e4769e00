import { restartsVariable } from './parent-messages.ts'

/**
 * Called first in a process that runs `lb serve` with `args`, as early as possible: from then on no signal has its
 * default action. Without `--no-supervise` and `--check-config` this process only becomes the parent of the one that
 * serves.
 *
 * @param script the file that the process was started with
 * @returns whether the command is to be run in this process
 */
export async function enterServe(script: string, args: readonly string[]): Promise<boolean> {
  const alone = args.includes('--no-supervise') || args.includes('--check-config')
  if (process.env[restartsVariable] === undefined && !alone) {
    const { supervise } = await import('./supervise.ts')
    supervise(script, args)
    return false
  }
  // Loaded here, since it would take memory in the parent.
  const [{ parentLink }, { catchSignals }] = await Promise.all([
    import('./parent-link.ts'),
    import('./signals.ts'),
  ])
  parentLink(catchSignals())
  return true
}
