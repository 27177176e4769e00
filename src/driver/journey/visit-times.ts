import type { Random } from '../../kit/random.ts'
import { integralAt, plannedVisits, stageEdges, timeOfShare } from '../../plan/load/curve.ts'
import type { LoadPlan, Stage } from '../../plan/load/load-plan.ts'

/** When the visits of the open model are due, in rising order. */
export interface VisitTimes {
  /** When the next visit is due, in ms from the begin of the load; infinite after the last. */
  readonly dueMs: number
  /** Index of its stage. */
  readonly stage: number
  /** Goes on to the one after it. */
  advance(): void
}

/** The part of one driver in a fleet, from 0. */
export interface DriverPlace {
  readonly driver: number
  readonly drivers: number
}

/**
 * The due times of the visits that one driver of a fleet begins. Each stage has exactly as many visits as the integral of its
 * rate. Constant spacing: each at the time when the integral passes it, drivers in turn. Poisson: given their number, the
 * times of a Poisson process are independent draws from its rate (Lewis and Shedler 1979, section 3); they are drawn in
 * rising order, one at a time, and each driver has an equal part of them.
 */
export function visitTimes(
  { stages, spacing }: Pick<LoadPlan, 'stages' | 'spacing'>,
  place: DriverPlace,
  random: Random,
): VisitTimes {
  const visits = plannedVisits(stages)
  const edges = stageEdges(stages)
  const integrals = stages.map((one) => (one.model === 'open' ? integralAt(one, one.seconds) : 0))
  let stage = -1
  let dueMs = Number.NEGATIVE_INFINITY
  /** Visits of all stages before, and their exact number. */
  let [counted, exact] = [0, 0]
  let left = 0
  let share = 0
  /** Number of the next visit of evenly spaced ones, over all stages. */
  let next = 0

  const enter = (index: number): void => {
    if (stage >= 0) {
      counted += visits[stage] as number
      exact += integrals[stage] as number
    }
    stage = index
    const all = visits[stage] as number
    share = 0
    next = counted + ((((place.driver - counted) % place.drivers) + place.drivers) % place.drivers)
    left =
      spacing === 'constant'
        ? Math.ceil((counted + all - next) / place.drivers)
        : Math.ceil((all - place.driver) / place.drivers)
  }
  const drawShare = (): number => {
    if (spacing === 'constant') {
      const own = (next + 0.5 - exact) / (integrals[stage] as number)
      next += place.drivers
      return Math.min(1, Math.max(0, own))
    }
    // The least of `left` uniform draws from the rest of the stage.
    share = 1 - (1 - share) * (1 - random()) ** (1 / left)
    return share
  }
  const advance = (): void => {
    while (left <= 0) {
      if (stage >= stages.length - 1) {
        dueMs = Number.POSITIVE_INFINITY
        return
      }
      enter(stage + 1)
    }
    const at = drawShare()
    left--
    dueMs = ((edges[stage] as number) + timeOfShare(stages[stage] as Stage, at)) * 1e3
  }
  advance()
  return {
    get dueMs() {
      return dueMs
    },
    get stage() {
      return Math.max(0, stage)
    },
    advance,
  }
}
