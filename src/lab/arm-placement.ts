import type { Arm } from '../plan/plan.ts'
import { findTarget } from '../targets/find-target.ts'
import { type Placement, type PlacementHost, place } from './cores.ts'

/** The CPUs of an arm's processes; those of a target that is already running are unknown. */
export function placementOf(arm: Arm, { cpus, pinningError }: PlacementHost): Placement {
  const external = findTarget(arm.target).needs === 'url'
  return place({ cpus, cores: arm.cores, pinningError, external })
}
