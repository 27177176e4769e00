import { fleetSelftestText } from '../../reports/commands/fleet-selftest.ts'
import { selftestText } from '../../reports/commands/selftest.ts'
import type { Invocation } from '../cli/invocation.ts'
import type { ProgressFlags } from '../cli/progress-flag.ts'
import { fleetSelftest } from '../experiment/selftest/fleet-selftest.ts'
import { selftest as measureNoise } from '../experiment/selftest/selftest.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import { aaPlan, pairsPerComparison } from '../plan/aa-plan.ts'
import { fleetPlan } from '../plan/fleet-plan.ts'
import type { FleetSelftest } from '../result/fleet-selftest.ts'
import type { Selftest } from '../result/selftest.ts'
import { openLiveSession } from './live-session.ts'
import { newSeed } from './new-seed.ts'
import { showTrials } from './show-trials.ts'

/** Values of the flags of `lb selftest`. Times in seconds. */
interface SelftestFlags extends ProgressFlags {
  /** Drivers of a fleet to compare with one driver. */
  readonly drivers?: number | undefined
  /** Requests per second of that comparison. */
  readonly rate?: number | undefined
  readonly comparisons: number
  readonly duration: number
  readonly warmup: number
  readonly seed?: number | undefined
}

/**
 * Measures the noise floor of this host with an A/A test, stores it, and reports what disturbs measurements here; with
 * `drivers` compares one driver with a fleet of so many in its place.
 *
 * @throws {UsageError} a flag would be ignored, or there are more drivers than connections
 * @throws {ProcessError} a process could not be started, or died
 */
export async function selftest(
  flags: SelftestFlags,
  invocation: Invocation,
): Promise<Selftest | FleetSelftest> {
  const { comparisons, duration, warmup, drivers, rate, seed = newSeed() } = flags
  if (drivers !== undefined) return compareFleet({ ...flags, drivers, seed }, invocation)
  if (rate !== undefined) {
    throw new UsageError(
      '--rate would be ignored: it is the rate of the comparison with a fleet',
      'omit --rate, or add --drivers 3',
    )
  }
  const plan = aaPlan({ blocks: comparisons * pairsPerComparison, duration, warmup, seed })
  await using session = await openLiveSession(flags, invocation)
  const found = await measureNoise({
    plan,
    session,
    watcher: showTrials(plan, session, invocation),
  })
  session.progress.clear()
  invocation.print(selftestText(found, invocation.render))
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (found.stored === undefined) invocation.endWith(exitCodes.invalid)
  return found
}

/** Requests per second at which a fleet is compared with one driver, where no rate is given. */
const fleetRate = 1000

/** Compares one driver with a fleet; the exit code tells whether all metrics are the same. */
async function compareFleet(
  flags: SelftestFlags & { readonly drivers: number; readonly seed: number },
  invocation: Invocation,
): Promise<FleetSelftest> {
  const { comparisons, drivers, rate = fleetRate } = flags
  const plan = fleetPlan({ ...flags, rate, blocks: comparisons * pairsPerComparison })
  if (drivers < 2 || drivers > plan.connections) {
    throw new UsageError(
      `--drivers ${drivers} cannot be compared with one driver: a fleet has from 2 to ${plan.connections} drivers, one for each connection`,
      'use --drivers 3',
    )
  }
  await using session = await openLiveSession(flags, invocation)
  const watcher = showTrials(plan, session, invocation)
  const found = await fleetSelftest({ plan, session, watcher })
  session.progress.clear()
  invocation.print(fleetSelftestText(found, invocation.render))
  const { comparisons: all } = found
  if (session.signal.aborted) invocation.endWith(exitCodes.interrupted)
  else if (all.length === 0) invocation.endWith(exitCodes.invalid)
  else if (all.some(({ outcome }) => outcome === 'better' || outcome === 'worse')) {
    invocation.endWith(exitCodes.checksFailed)
  } else if (all.some(({ outcome }) => outcome !== 'same')) {
    invocation.endWith(exitCodes.inconclusive)
  }
  return found
}
