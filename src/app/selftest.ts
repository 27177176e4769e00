import { selftestText } from '../../reports/commands/selftest.ts'
import type { Invocation } from '../cli/invocation.ts'
import { selftest as measureNoise } from '../experiment/selftest/selftest.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { aaPlan, pairsPerComparison } from '../plan/aa-plan.ts'
import type { Selftest } from '../result/selftest.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { showTrials } from './show-trials.ts'

/** Values of the flags of `lb selftest`. Times in seconds. */
interface SelftestFlags {
  readonly comparisons: number
  readonly duration: number
  readonly warmup: number
  readonly seed?: number | undefined
}

/**
 * Measures the noise floor of this host with an A/A test, stores it, and reports what disturbs measurements here.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest(
  { comparisons, duration, warmup, seed = newSeed() }: SelftestFlags,
  invocation: Invocation,
): Promise<Selftest> {
  const plan = aaPlan({ blocks: comparisons * pairsPerComparison, duration, warmup, seed })
  await using session = await openLiveSession()
  const found = await measureNoise({ plan, session, watcher: showTrials(plan, session.progress) })
  session.progress.clear()
  invocation.print(selftestText(found, invocation.render))
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (found.stored === undefined) invocation.endWith(exitCodes.invalid)
  return found
}
