import { placementOf } from '../../lab/arm-placement.ts'
import type { PlacementHost } from '../../lab/cores.ts'
import type { Arm } from '../../plan/plan.ts'
import type { Reason } from '../../result/reason.ts'
import { findTarget } from '../../targets/find-target.ts'

/** Which CPUs the processes of an arm run on. */
export function placementReason(arm: Arm, host: PlacementHost): Reason {
  const { target, driver, backends } = placementOf(arm, host)
  const { pinningError: notPinned } = host
  return {
    code: 'placement',
    values: {
      ...{ target: [...target], driver: [...driver], backends: [...backends] },
      workers: arm.cores,
      targetElsewhere: findTarget(arm.target).needs === 'url',
      ...(notPinned !== undefined && { notPinned }),
    },
  }
}
