import { levelAt, stageEdges } from '../../../plan/load/curve.ts'
import type { Stage } from '../../../plan/load/load-plan.ts'
import type { LoadSample } from '../../../result/load-sample.ts'
import { failedOf } from '../../thresholds/threshold-tally.ts'

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

/** Milliseconds below which an interval is none of its own: rates of a few counts in it would be of any size. */
const minIntervalMs = 50

/** Samples of one interval, which ends at `atMs`. */
interface Interval {
  atMs: number
  readonly samples: LoadSample[]
}

/**
 * The samples by interval, in order of time. Those of the stages on both sides of an edge may be a millisecond apart where
 * several drivers sent them: they are of one interval.
 */
function intervalsOf(samples: readonly LoadSample[]): Interval[] {
  const intervals: Interval[] = []
  let begunMs = 0
  for (const sample of samples.toSorted((a, b) => a.atMs - b.atMs)) {
    const last = intervals.at(-1)
    const isNew = last === undefined || sample.atMs - last.atMs >= minIntervalMs
    // An interval that is short so far goes on.
    if (last === undefined || (isNew && last.atMs - begunMs >= minIntervalMs)) {
      begunMs = last?.atMs ?? 0
      intervals.push({ atMs: sample.atMs, samples: [sample] })
    } else {
      last.atMs = sample.atMs
      last.samples.push(sample)
    }
  }
  return intervals
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
  const points: CurvePoint[] = []
  let before = 0
  for (const { atMs, samples: all } of intervalsOf(samples)) {
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
