import { placementOf } from '../../lab/arm-placement.ts'
import type { PlacementHost } from '../../lab/cores.ts'
import type { Arm, Plan } from '../../plan/plan.ts'
import type { Reason } from '../../result/reason.ts'
import { findTarget } from '../../targets/find-target.ts'

/** Which CPUs the processes of an arm run on, and how many drive and respond, with the driver of that name. */
export function placementReason(
  arm: Arm,
  host: PlacementHost,
  options: { readonly plan: Plan; readonly driver: string },
): Reason {
  const { target, driver, backends, processes } = placementOf(arm, host, options)
  const { pinningError: notPinned } = host
  return {
    code: 'placement',
    values: {
      ...{ target: [...target], driver: [...driver], backends: [...backends] },
      drivers: processes.driver.length,
      backendProcesses: processes.backends.length,
      workers: arm.cores,
      targetElsewhere: findTarget(arm.target).needs === 'url',
      ...(notPinned !== undefined && { notPinned }),
    },
  }
}
