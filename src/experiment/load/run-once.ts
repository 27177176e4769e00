import type { DriverLoad } from '../../driver/journey/driver-load.ts'
import type { TracedVisit } from '../../driver/journey/trace.ts'
import { placementOf } from '../../lab/arm-placement.ts'
import { openLab } from '../../lab/lab.ts'
import type { Arm } from '../../plan/plan.ts'
import { transportOf } from '../../plan/transport.ts'
import type { LoadRun } from './run-load.ts'

/**
 * Starts the target and its backends, and runs one visit of each journey.
 *
 * @throws {UsageError} the target cannot be configured, or a module of the user cannot be loaded
 * @throws {ProcessError} a process could not be started, or died
 */
export async function runOnce({
  plan,
  load,
  session,
}: Pick<LoadRun, 'plan' | 'load' | 'session'>): Promise<TracedVisit[]> {
  const [arm] = plan.arms as [Arm, ...Arm[]]
  const { tempDir, beds, signal } = session
  const { settings, seed } = plan
  const placement = placementOf(arm, session.placement, {
    plan: { ...plan, drivers: 1 },
    driver: 'open-loop',
  })
  await using lab = await openLab({
    ...{ plan, arm, seed, placement, tempDir, signal, settings, beds },
  })
  const part: DriverLoad = {
    ...{ plan: load, url: lab.url.href, timeout: plan.timeout, seed, driver: 0, drivers: 1 },
    transport: transportOf(settings?.[arm.target]),
    ...{ connections: 1, maxInFlight: 1 },
  }
  const [driver] = lab.drivers
  return await lab.guard(
    driver === undefined ? Promise.resolve([]) : driver.call('once', part, { signal }),
  )
}
