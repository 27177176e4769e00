import { levelAt, stageEdges } from '../../../plan/load/curve.ts'
import type { Stage } from '../../../plan/load/load-plan.ts'
import type { LoadSample } from '../../../result/load-sample.ts'
import { failedOf } from '../threshold-tally.ts'

/** The load in one interval of 100 ms. Rates in requests per second. */
export interface CurvePoint {
  /** Middle of the interval, in seconds from the begin of the load. */
  readonly atSeconds: number
  /** Index of the stage that the plan has at that time. */
  readonly stage: number
  /** What the plan has at that time. */
  readonly offered: number
  /** Responses that are no failures. */
  readonly achieved: number
  /** Requests of visits that began or were dropped, and those that ended, in the interval. */
  readonly begun: number
  readonly ended: number
  readonly seconds: number
}

/** Requests of a visit, from all visits of a run that is over; 1 where none ended. */
export function requestsPerVisit(samples: readonly LoadSample[]): number {
  const sum = (of: (sample: LoadSample) => number) => samples.reduce((all, one) => all + of(one), 0)
  const [visits, requests] = [sum(({ sent }) => sent), sum(requestsOf)]
  return visits === 0 || requests === 0 ? 1 : requests / visits
}

/** Visits that were due and did not begin, which count as failed requests. */
function droppedOf({ failed }: LoadSample): number {
  return Object.entries(failed).reduce(
    (sum, [kind, count]) => sum + (kind.startsWith('not-sent-') ? count : 0),
    0,
  )
}

function requestsOf(sample: LoadSample): number {
  return sample.ok + failedOf(sample) - droppedOf(sample)
}

/**
 * The curve of a load of the open model: what was offered and achieved over time. Samples of two stages at one time are added
 * up, since responses come after their stage, too.
 */
export function throughputCurve(
  samples: readonly LoadSample[],
  { stages, perVisit }: { readonly stages: readonly Stage[]; readonly perVisit: number },
): CurvePoint[] {
  const edges = stageEdges(stages)
  const byTime = Map.groupBy(samples, ({ atMs }) => atMs)
  const points: CurvePoint[] = []
  let before = 0
  for (const [atMs, all] of [...byTime].toSorted(([a], [b]) => a - b)) {
    const seconds = (atMs - before) / 1e3
    const atSeconds = before / 1e3 + seconds / 2
    before = atMs
    const stage = edges.findLastIndex((edge) => edge <= atSeconds)
    const planned = stages[stage]
    // Behind the last stage there are only late responses.
    if (planned === undefined || seconds <= 0) continue
    const sum = (of: (sample: LoadSample) => number) =>
      all.reduce((total, one) => total + of(one), 0)
    points.push({
      ...{ atSeconds, stage, seconds },
      offered: levelAt(planned, atSeconds - (edges[stage] as number)) * perVisit,
      achieved: sum(({ ok }) => ok) / seconds,
      begun: sum((one) => one.sent * perVisit + droppedOf(one)),
      ended: sum((one) => one.ok + failedOf(one)),
    })
  }
  return points
}
