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
  const checks = args.includes('--check-config')
  const alone = args.includes('--no-supervise') || checks
  if (process.env[restartsVariable] === undefined && !alone) {
    const { supervise } = await import('./supervise.ts')
    supervise(script, args)
    return false
  }
  // Loaded here, since it would take memory in the parent.
  const [{ parentLink }, { catchSignals }, { writeWhatFits }] = await Promise.all([
    import('./parent-link.ts'),
    import('./signals.ts'),
    import('./write-what-fits.ts'),
  ])
  parentLink(catchSignals())
  if (!checks) for (const stream of [process.stdout, process.stderr]) writeWhatFits(stream)
  return true
}
