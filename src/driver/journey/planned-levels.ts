import { integralAt, levelAt, stageEdges } from '../../plan/load/curve.ts'
import type { LoadPlan, Stage } from '../../plan/load/load-plan.ts'
import type { DriverLoad } from './driver-load.ts'

/** Visits, or user-seconds, that this driver has in each stage by the plan. */
export function plannedOf({ plan, drivers }: DriverLoad): number[] {
  return plan.stages.map((stage) => integralAt(stage, stage.seconds) / drivers)
}

/** The level of each sample by the plan: visits that were due since the sample before, or users. */
export function levelsOf(
  { stages }: LoadPlan,
  { drivers, users }: { readonly drivers: number; readonly users: () => number },
) {
  const edges = stageEdges(stages)
  let lastMs = 0
  return {
    at(atMs: number) {
      const from = lastMs
      lastMs = atMs
      return (stage: number, began: number) => {
        const own = stages[stage] as Stage
        const into = (ms: number) =>
          Math.min(own.seconds, Math.max(0, ms / 1e3 - (edges[stage] as number)))
        if (own.model === 'closed') {
          return { planned: levelAt(own, into(atMs)) / drivers, sent: users() }
        }
        const due = integralAt(own, into(atMs)) - integralAt(own, into(from))
        return { planned: due / drivers, sent: began }
      }
    },
  }
}
