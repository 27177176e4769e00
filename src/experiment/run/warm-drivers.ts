import { driveFleet } from '../../driver/fleet/drive-fleet.ts'
import type { DriverChannel } from '../../driver/fleet/fleet-member.ts'
import type { Lab } from '../../lab/lab.ts'
import type { TestBeds } from '../../lab/test-beds.ts'
import { type TrialLoadOptions, trialLoad } from './trial-load.ts'

/** A lab, as far as its drivers are warmed. */
interface WarmedLab extends Pick<Lab, 'url' | 'guard'> {
  readonly drivers: readonly DriverChannel[]
}

/** Requests that each driver sends, at their rate per second at least. */
const [warmRequests, leastRate] = [3000, 3000]

/**
 * Has each driver of a lab send the same number of requests, one driver after the other. V8 compiles functions by how often
 * they ran: after the same time, each driver of a fleet has sent a part of the requests of one driver, and still runs slower
 * code, which counts as latency.
 *
 * @throws {ProcessError} a driver is lost, or target or backends died
 */
export async function warmDrivers(
  { drivers, url, guard }: WarmedLab,
  options: TrialLoadOptions & { readonly signal: AbortSignal },
  { isElsewhere }: Pick<TestBeds, 'isElsewhere'>,
): Promise<void> {
  const rate = Math.max(leastRate, options.rate ?? 0)
  const plan = {
    ...options.plan,
    warmup: { least: 0, most: 0 },
    duration: warmRequests / rate,
  }
  const load = trialLoad({ ...options, plan, rate }, { isElsewhere })
  for (const driver of drivers) {
    await guard(driveFleet([driver], { load, url, signal: options.signal }))
  }
}
