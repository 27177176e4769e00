import { placementOf } from '../../lab/arm-placement.ts'
import type { Placement } from '../../lab/cores.ts'
import { pairsPerComparison } from '../../plan/aa-plan.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Measurement } from '../../result/document.ts'
import { driverName } from '../run/driver-name.ts'
import type { RunWatcher } from '../run/run.ts'
import type { Session } from '../run/session.ts'
import { warmDrivers } from '../run/warm-drivers.ts'

/** A plan whose arms differ in the number of their drivers only, and where to run it. */
export interface FleetTrialsOptions {
  readonly plan: Plan
  readonly session: Pick<
    Session,
    'placement' | 'tempDir' | 'signal' | 'runTrial' | 'openLab' | 'beds'
  >
  readonly watcher: Pick<RunWatcher, 'onTrial' | 'onMeasured'>
  /** Warms the drivers of a lab; replaced by tests that start no processes. */
  readonly warm?: typeof warmDrivers | undefined
}

/**
 * Runs the trials of arms that differ in the number of their drivers only. One target serves all trials of some blocks, and
 * the arm with fewer drivers uses the first of the same ones: targets differ among each other by more than drivers do. The
 * trials that were over when the session was interrupted are returned.
 *
 * @throws {ProcessError} a process could not be started, or died
 */
export async function fleetTrials(options: FleetTrialsOptions): Promise<Measurement[]> {
  const { plan, session } = options
  const measured: Measurement[] = []
  const byTarget = Map.groupBy(plan.trials, ({ block }) => Math.floor(block / pairsPerComparison))
  try {
    for (const trials of byTarget.values()) await withOneTarget(trials, options, measured)
  } catch (error) {
    if (!session.signal.aborted) throw error
  }
  return measured
}

/** Runs these trials with one target, and adds them to `measured`. */
async function withOneTarget(
  trials: Plan['trials'],
  { plan, session, watcher, warm = warmDrivers }: FleetTrialsOptions,
  measured: Measurement[],
): Promise<void> {
  const { tempDir, signal, runTrial, openLab, beds } = session
  const { rate } = plan.arrivals
  const [first] = trials as [Plan['trials'][number]]
  const most = plan.arms.reduce((a, b) => (driversOf(b) > driversOf(a) ? b : a))
  const driver = driverName({ plan, rate })
  const placement = placementOf(most, session.placement, { plan, driver })
  const common = { plan, rate, tempDir, signal }
  signal.throwIfAborted()
  await using lab = await openLab({ ...common, arm: most, trial: first, placement })
  await warm(lab, { ...common, ...{ arm: most, trial: first, placement } }, beds)
  for (const trial of trials) {
    signal.throwIfAborted()
    watcher.onTrial({ done: measured.length, of: plan.trials.length, trial })
    const arm = plan.arms.find(({ name }) => name === trial.arm) as Arm
    const measurement = await runTrial({
      ...{ ...common, arm, trial, lab },
      placement: withDrivers(placement, driversOf(arm)),
    })
    measured.push(measurement)
    await watcher.onMeasured?.(measurement)
  }
}

function driversOf({ drivers = 1 }: Arm): number {
  return drivers
}

/** The same placement with the first of its drivers only. */
function withDrivers(placement: Placement, drivers: number): Placement {
  const { driver, backends } = placement.processes
  return { ...placement, processes: { driver: driver.slice(0, drivers), backends } }
}
