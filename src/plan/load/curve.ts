import type { Stage } from './load-plan.ts'

/** Rate of visits, or users, of a stage at so many seconds from its begin. */
export function levelAt({ from, to, seconds }: Stage, atSeconds: number): number {
  return from + ((to - from) * atSeconds) / seconds
}

/** Visits that are due in the first `atSeconds` of a stage of the open model; user-seconds in the closed model. */
export function integralAt({ from, to, seconds }: Stage, atSeconds: number): number {
  return from * atSeconds + ((to - from) * atSeconds * atSeconds) / (2 * seconds)
}

/**
 * When the integral of a stage reaches `share` (0–1) of its whole, in seconds from its begin. The inverse of the integral of
 * a linear rate, in a form that loses no digits where the rate barely changes.
 */
export function timeOfShare({ from, to, seconds }: Stage, share: number): number {
  const total = ((from + to) / 2) * seconds
  const slope = (to - from) / seconds
  const area = share * total
  const root = Math.sqrt(Math.max(0, from * from + 2 * slope * area))
  const divisor = from + root
  return divisor === 0 ? 0 : Math.min(seconds, (2 * area) / divisor)
}

/**
 * Visits of each stage: the integral of its rate, rounded so that the sums over the stages are right, too. 0 for a stage of
 * the closed model.
 */
export function plannedVisits(stages: readonly Stage[]): number[] {
  let [sum, counted] = [0, 0]
  return stages.map((stage) => {
    if (stage.model === 'closed') return 0
    sum += integralAt(stage, stage.seconds)
    const visits = Math.round(sum) - counted
    counted += visits
    return visits
  })
}

/** Seconds from the begin of the load to the begin of each stage, and at last to its end. */
export function stageEdges(stages: readonly Stage[]): number[] {
  let edge = 0
  return [0, ...stages.map(({ seconds }) => (edge += seconds))]
}
