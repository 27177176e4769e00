import type { Arm, Plan } from '../plan/plan.ts'
import { findTarget } from '../targets/find-target.ts'
import { type Placement, type PlacementHost, place } from './cores.ts'
import { processCounts } from './process-counts.ts'

/** The fields of a plan that decide how many processes drive and respond. */
type FleetPlan = Pick<Plan, 'drivers' | 'backendProcesses' | 'connections' | 'backends'>

/** The CPUs of an arm's processes, with the driver of that name; those of a target that is already running are unknown. */
export function placementOf(
  arm: Arm,
  { cpus, pinningError }: PlacementHost,
  { plan, driver }: { readonly plan: FleetPlan; readonly driver: string },
): Placement {
  const external = findTarget(arm.target).needs === 'url'
  const { cores } = arm
  const counts = processCounts({
    drivers: arm.drivers ?? plan.drivers,
    backendProcesses: plan.backendProcesses,
    ...{ driver, cores, connections: plan.connections, backends: plan.backends.length },
    cpus: cpus.length,
    cpusLeft: pinningError === undefined ? Math.max(0, cpus.length - cores) : 0,
  })
  return place({ cpus, cores, pinningError, external, ...counts })
}
